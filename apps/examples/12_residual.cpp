// Twenty-one convolutions, plain and with residual connections: gradients and training.
#include <gradus.hpp>

namespace gd = gradus;
using gd::layers::BatchNorm2d, gd::layers::Conv2d, gd::layers::Dense, gd::layers::Flatten,
    gd::layers::MaxPool2d, gd::layers::ReLU, gd::layers::Residual, gd::layers::Sequential;

constexpr int64_t channels = 16;
constexpr int64_t epochs = 4;

Conv2d convolution(int64_t inputs, gd::Rng& rng) {
  return Conv2d({.in_channels = inputs, .out_channels = channels, .kernel = 3, .padding = 1}, rng);
}

// F(x): twice batch normalization, ReLU and convolution.
Sequential body(gd::Rng& rng) {
  return Sequential{BatchNorm2d(channels), ReLU(), convolution(channels, rng),
                    BatchNorm2d(channels), ReLU(), convolution(channels, rng)};
}

Sequential network(bool residual, gd::Rng& rng) {
  Sequential model{convolution(1, rng), MaxPool2d(4)};  // (16, 7, 7)
  for (int block = 0; block < 10; ++block)
    if (residual)
      model.push_back(Residual(body(rng)));  // x + F(x)
    else
      model.push_back(body(rng));  // F(x)
  model.push_back(BatchNorm2d(channels));
  model.push_back(ReLU());
  model.push_back(Flatten());
  model.push_back(Dense(channels * 7 * 7, 10, rng));
  gd::layers::initialize(model, "he-normal", rng);
  return model;
}

// Prints the norm of the gradient for the last convolution of the first block and of the last one.
void print_gradients(Sequential model, const gd::data::Dataset& train) {
  const auto [images, labels] = train.batch(0, 256);
  gd::cross_entropy(model(images), labels).backward();
  std::vector<double> sizes;
  for (const auto& [name, weight] : model.parameters())
    if (weight.rank() == 4) sizes.push_back(gd::norm(weight.grad()).item());
  fmt::print("  gradient: first block {:.3f}, last block {:.3f}\n", sizes[2], sizes.back());
}

// Prints the validation accuracy after the first epoch and after the last.
void learn(Sequential& model, const gd::data::Dataset& train, const gd::data::Dataset& validation,
           gd::Rng& rng) {
  gd::optim::SGD optimizer(model.parameters(), {.lr = 0.03, .momentum = 0.9});
  const auto report = [&](const gd::train::EpochRecord& record) {
    if (record.epoch == 1 || record.epoch == epochs)
      fmt::print("  after epoch {}, rate {:.1e}: validation accuracy {:.1f} %\n", record.epoch,
                 record.lr, 100 * gd::accuracy(model, validation));
  };
  gd::train::fit(model, optimizer, train,
                 {.epochs = epochs,
                  .batch_size = 32,
                  .schedule = "one-cycle",
                  .observer = {.after_epoch = report}},
                 rng);
}

int main() {
  const auto [rest, test] = gd::data::digits();
  gd::Rng split_rng(1);
  const auto [train, validation] = gd::data::stratified_split(rest, 0.2, split_rng);
  Sequential best;
  double best_accuracy = 0;
  for (const bool residual : {false, true}) {
    gd::Rng rng(1);
    Sequential model = network(residual, rng);
    fmt::print("{}, {} weights\n", residual ? "residual" : "plain", model.parameter_count());
    print_gradients(model, train);
    learn(model, train, validation, rng);
    const double accuracy = gd::accuracy(model, validation);
    if (accuracy > best_accuracy) best = model, best_accuracy = accuracy;
  }
  fmt::print("the better one: test accuracy {:.1f} %\n", 100 * gd::accuracy(best, test));
}
