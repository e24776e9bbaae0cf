// presets: named sets of options of train.
#include <nlohmann/json.hpp>

#include "apps/gradus/run/config.hpp"

namespace gradus::app {

// Parses "option = value; option = value".
static Json values_in(std::string_view text) {
  Json values;
  for (const std::string_view part : split(text, ';')) {
    const std::size_t equals = part.find('=');
    values[json_key(trimmed(part.substr(0, equals)))] = trimmed(part.substr(equals + 1));
  }
  return values;
}

const Registry<Json>& presets() {
  static const Registry<Json> table(
      "preset",
      {{"mnist-fast", "one epoch in seconds: 99.1 %",
        values_in("data = mnist; model = conv 24 5x5, maxpool 2, relu, conv 32 3x3, maxpool 2, "
                  "relu, dense 256, relu, dense 10; batch-size = 256; epochs = 1; "
                  "optimizer = adam; beta1 = 0.7; beta2 = 0.9; schedule = one-cycle; lr = 0.01")},
       {"mnist-best", "batch-normalized convolutions on shifted, rotated and zoomed digits: 99.6 %",
        values_in("data = mnist; model = conv 32 3x3, norm, relu, conv 32 3x3, norm, maxpool 2, "
                  "relu, conv 64 3x3, norm, relu, conv 64 3x3, norm, maxpool 2, relu, "
                  "dropout .25, dense 256, norm, relu, dropout .4, dense 10; "
                  "augment = rotate:10,shift:2,zoom:0.1; batch-size = 128; epochs = 6; "
                  "optimizer = adam; schedule = one-cycle; lr = 0.004")},
       {"fashion-best", "a residual network with Nesterov momentum and one-cycle: 93.1 %",
        values_in("data = fashion-mnist; model = conv 32 3x3 pad 1, norm, relu, "
                  "conv 64 3x3 pad 1, norm, maxpool 2, relu, "
                  "residual(conv 64 3x3 pad 1, norm, relu, conv 64 3x3 pad 1, norm, relu), "
                  "conv 128 3x3 pad 1, norm, maxpool 2, relu, "
                  "residual(conv 128 3x3 pad 1, norm, relu, conv 128 3x3 pad 1, norm, relu), "
                  "globalmaxpool, dense 10; augment = flip,crop:2; batch-size = 128; epochs = 5; "
                  "label-smoothing = 0.1; optimizer = nag; weight-decay = 5e-4; "
                  "schedule = one-cycle; lr = 0.1")},
       {"pytorch-mnist", "PyTorch's example: cnn, AdaDelta with step decay of the rate: 99.2 %",
        values_in("data = mnist; model = cnn; batch-size = 64; epochs = 14; "
                  "optimizer = adadelta; rho = 0.9; eps = 1e-6; lr = 1; "
                  "schedule = step; step-size = 938; gamma = 0.7")},
       {"lenet-1998", "LeNet-5 with tanh and average pooling, after LeCun et al. 1998: 99.1 %",
        values_in("data = mnist; model = conv 6 5x5 pad 2, tanh, avgpool 2, conv 16 5x5, tanh, "
                  "avgpool 2, conv 120 5x5, tanh, dense 84, tanh, dense 10; batch-size = 32; "
                  "epochs = 20; optimizer = momentum; momentum = 0.9; schedule = cosine; "
                  "lr = 0.02")},
       {"lecun-1989",
        "the first convolutional network trained by backpropagation, on as many digits: LeCun et "
        "al. "
        "1989, here on images of 28×28: 97.0 %",
        values_in("data = mnist; limit = 7291; model = conv 12 5x5 stride 2 pad 2, tanh, "
                  "conv 12 5x5 stride 2 pad 2 groups 3, tanh, dense 30, tanh, dense 10; "
                  "loss = mse; batch-size = 1; epochs = 23; optimizer = sgd; "
                  "schedule = constant; lr = 0.03")},
       {"logistic", "softmax regression: 92.6 %",
        values_in("data = mnist; model = dense 10; epochs = 5; lr = 0.003")},
       {"digits", "a small network on the built-in digits in seconds: 98.9 %",
        values_in("data = digits; model = conv 16 3x3 pad 1, norm, relu, maxpool 2, conv 32 3x3, "
                  "norm, relu, globalpool, dense 10; batch-size = 32; epochs = 12; lr = 0.02")},
       {"vit-mnist",
        "a small vision transformer, convolutions make its 16 patches: 98.9 % in less than a "
        "minute",
        values_in("data = mnist; model = conv 32 5x5 stride 2 pad 2, norm, relu, "
                  "conv 64 4x4 stride 4 pad 1, patches 1, positions learned, "
                  "repeat 2 (transformer heads 4), norm, globalpool, dense 10; "
                  "augment = rotate:10,shift:2; batch-size = 64; epochs = 4; "
                  "optimizer = adamw; schedule = one-cycle; lr = 0.003")},
       {"gpt-char",
        "a small GPT for the characters of a text, nanoGPT's recipe; give the text by --data",
        values_in("task = language; model = gpt; batch-size = 12; steps = 2000; "
                  "optimizer = adamw; beta1 = 0.9; beta2 = 0.99; weight-decay = 0.1; "
                  "no-decay-of-vectors = true; clip-norm = 1; warmup = 100; schedule = cosine; "
                  "lr = 1e-3; min-lr = 1e-4")}});
  return table;
}

void add_preset_option(Options& options, std::string& preset) {
  options.add("preset NAME", &preset, "preset to start from; command-line options override it",
              {.choices = choices(presets()), .loads = [](const std::string& name) {
                 return as_usage([&] { return presets().find(name); });
               }});
}

}  // namespace gradus::app
