#include "layers/network/models.hpp"

#include <set>

#include "core/ops/norm/weight_normalization.hpp"
#include "layers/activation.hpp"
#include "layers/init/initializers.hpp"
#include "layers/norm/normalization.hpp"
#include "layers/norm/normalizations.hpp"
#include "layers/summary.hpp"
#include "layers/weighted.hpp"
#include "tests/layers/check.hpp"
#include "tests/layers/network/model_inputs.hpp"

using namespace gradus;
using namespace gradus::layers;

namespace {

Sequential build(const std::string& name, const ModelOptions& options = {}, uint64_t seed = 1) {
  Rng rng(seed);
  return layers::build(name, options, rng);
}

// The text of every scheme, and of some combinations.
std::vector<std::string> norms() {
  std::vector<std::string> names{"group:2+weight-std", "weight_std+layer", "batch+cosine:20",
                                 "weight-whiten:3", "spectral:2"};
  for (const auto& entry : normalizations().entries()) names.push_back(entry.name);
  for (const auto& entry : weight_normalizations().entries()) names.push_back(entry.name);
  return names;
}

// Trains a step, saves, loads, copies, folds, and agrees with itself.
void check_life(const std::string& name, const ModelOptions& options) {
  INFO(build(name, options).description());
  Rng rng(6);
  const Tensor x = inputs_for(options, 4, rng);
  Sequential model = build(name, options), other = build(name, options, 2);
  train_step(model, x);
  other.load_state_dict(model.state_dict());
  Sequential copy = model;
  for (Sequential* m : {&model, &other, &copy}) m->evaluate();
  const Tensor y = model(x);
  CHECK(y.shape() == (options.tokens > 0 ? Shape{4, options.input[0], options.classes}
                                         : Shape{4, options.classes}));
  check_equal(other(x), y);
  check_equal(copy(x), y);
  fold(copy);
  CHECK(amax(abs(copy(x) - y)).item() <= 1e-5 * std::max(1.0, amax(abs(y)).item()));
}

}  // namespace

TEST_CASE("the named models have the parameters of their definitions") {
  const std::vector<std::pair<std::string, int64_t>> expected{
      {"mlp", 535818},
      {"mlp-bn", 537354},
      {"lenet", 61706},
      {"cnn", 1199882},
      {"cnn-bn", 421738},
      {"rnn", 21514},
      {"lstm", 82186},
      {"gru", 61962},
      // 10 tokens and 6 places, 4·12 matrices of 128², and 9 gains.
      {"gpt", 10 * 128 + 6 * 128 + 4 * 12 * 128 * 128 + 9 * 128}};
  REQUIRE(models().entries().size() == expected.size());
  for (const auto& model : expected) {
    INFO(model.first);
    CHECK(build(model.first, options_for(model.first, {})).parameter_count() == model.second);
  }
}

TEST_CASE("the named models have the layers of their definitions") {
  CHECK(build("lenet").description() ==
        "Sequential(Conv2d(1, 6, kernel=5, padding=2), MaxPool2d(2), ReLU(), Conv2d(6, 16, "
        "kernel=5), MaxPool2d(2), ReLU(), Flatten(), Dense(400, 120), ReLU(), Dense(120, 84), "
        "ReLU(), Dense(84, 10))");
  CHECK(build("cnn").description() ==
        "Sequential(Conv2d(1, 32, kernel=3), ReLU(), Conv2d(32, 64, kernel=3), "
        "MaxPool2d(2), ReLU(), Dropout(0.25), Flatten(), Dense(9216, 128), ReLU(), Dropout(0.5), "
        "Dense(128, 10))");
  CHECK(build("cnn-bn").description() ==
        "Sequential(Conv2d(1, 32, kernel=3, padding=1, bias=false), BatchNorm2d(32), "
        "MaxPool2d(2), ReLU(), Conv2d(32, 64, kernel=3, padding=1, bias=false), BatchNorm2d(64), "
        "MaxPool2d(2), ReLU(), Flatten(), Dense(3136, 128), ReLU(), Dense(128, 10))");
  CHECK(build("mlp-bn", {.input = {12}, .classes = 3, .activation = "tanh"}).description() ==
        "Sequential(Flatten(), Dense(12, 512), BatchNorm1d(512), Tanh(), Dense(512, 256), "
        "BatchNorm1d(256), Tanh(), Dense(256, 3))");
  CHECK(build("mlp", {.input = {2}, .classes = 2, .norm = "layer", .dropout = 0.1}).description() ==
        "Sequential(Flatten(), Dense(2, 512), LayerNorm((512)), ReLU(), Dropout(0.1), Dense(512, "
        "256), LayerNorm((256)), ReLU(), Dropout(0.1), Dense(256, 2))");
}

TEST_CASE("recurrent models read rows, and take normalizations inside their cells and of weights") {
  CHECK(build("lstm", {.dropout = 0.2}).description() ==
        "Sequential(Rows(), LSTM(28, 128, last_only=true), Dropout(0.2), Dense(128, 10))");
  CHECK(build("rnn", {.norm = "layer+spectral"}).description() ==
        "Sequential(Rows(), RNN(28, 128, layer_norm=true, last_only=true) with SpectralNorm(), "
        "Dense(128, 10) with SpectralNorm())");
  for (const std::string norm : {"layer", "weight", "weight-std", "layer+spectral"})
    check_life("gru", {.input = {2, 5, 4}, .classes = 3, .norm = norm});
}

TEST_CASE("every registered model trains a step, saves, loads, copies and agrees with itself") {
  for (const auto& entry : models().entries())
    check_life(entry.name, options_for(entry.name, {.input = {3, 12, 14}, .classes = 5}));
}

TEST_CASE("dropout of inputs, channels and weights has its place in a model") {
  const ModelOptions options{.input = {1, 12, 12},
                             .classes = 3,
                             .norm = "batch",
                             .input_dropout = 0.1,
                             .channel_dropout = 0.2,
                             .drop_connect = 0.3};
  CHECK(build("lenet", options).description() ==
        "Sequential(Dropout(0.1), Conv2d(1, 6, kernel=5, padding=2, bias=false), BatchNorm2d(6), "
        "MaxPool2d(2), ReLU(), Dropout2d(0.2), Conv2d(6, 16, kernel=5, bias=false), "
        "BatchNorm2d(16), MaxPool2d(2), ReLU(), Dropout2d(0.2), Flatten(), Dense(16, 120) with "
        "DropConnect(0.3), ReLU(), Dense(120, 84) with DropConnect(0.3), ReLU(), Dense(84, 3))");
  for (const std::string name : {"lenet", "cnn", "cnn-bn"}) check_life(name, options);
  check_life("mlp", {.input = {6}, .classes = 3, .input_dropout = 0.5, .drop_connect = 0.5});
  check_life("lstm", {.input = {1, 5, 4}, .classes = 3, .input_dropout = 0.5});
  Sequential model = build("mlp", {.input = {6}, .drop_connect = 0.5});
  CHECK(names_of(model.state_dict()) == names_of(build("mlp", {.input = {6}}).state_dict()));
  std::set<uint64_t> streams;
  for (const auto& [path, generator] : model.named_generators())
    streams.insert(generator->state().stream);
  CHECK(streams.size() == 2);
}

TEST_CASE("every registered activation and normalization does in a model") {
  for (const auto& entry : activations().entries())
    check_life("mlp", {.input = {6}, .classes = 3, .activation = entry.name});
}

TEST_CASE(
    "every normalization of activations or weights, or both, does in every model but recurrent "
    "ones") {
  for (const auto& entry : models().entries()) {
    // Recurrent cells and transformers have their own activations and places for norms.
    if (entry.name == "gpt" || build(entry.name).description().starts_with("Sequential(Rows("))
      continue;
    for (const std::string& norm : norms())
      check_life(entry.name, {.input = {1, 12, 12}, .classes = 3, .norm = norm});
  }
}

TEST_CASE(
    "a normalization of weights is on hidden layers, or on all, in place of the model's own") {
  const auto norm = [](const std::string& model, const std::string& name) {
    return build(model, {.input = {1, 12, 12}, .norm = name}).description();
  };
  CHECK(
      norm("lenet", "group+weight-std") ==
      "Sequential(Conv2d(1, 6, kernel=5, padding=2, bias=false) with WeightStandardization(), "
      "GroupNorm(6, 6), MaxPool2d(2), ReLU(), Conv2d(6, 16, kernel=5, bias=false) with "
      "WeightStandardization(), GroupNorm(8, 16), MaxPool2d(2), ReLU(), Flatten(), Dense(16, 120) "
      "with WeightStandardization(), ReLU(), Dense(120, 84) with WeightStandardization(), ReLU(), "
      "Dense(84, 10))");
  CHECK(norm("mlp-bn", "cosine:20") ==
        "Sequential(Flatten(), Dense(144, 512) with CosineNorm(scale=20), ReLU(), Dense(512, 256) "
        "with CosineNorm(scale=20), ReLU(), Dense(256, 10) with CosineNorm(scale=20))");
  CHECK(norm("mlp", "weight-whiten") ==
        "Sequential(Flatten(), Dense(144, 512) with WeightWhitening(group=64), ReLU(), Dense(512, "
        "256) with WeightWhitening(group=64), ReLU(), Dense(256, 10))");
  CHECK(norm("cnn-bn", "weight-centered").find("BatchNorm") == std::string::npos);
  for (const auto& entry : weight_normalizations().entries())
    CHECK(norm("lenet", entry.name).ends_with("Dense(84, 10))") == !entry.make.classifier);
}

TEST_CASE("normalizations of weights start from the weights that the initializer draws") {
  Sequential plain = build("mlp", {.input = {6}, .init = "orthogonal"});
  Sequential normalized = build("mlp", {.input = {6}, .norm = "weight", .init = "orthogonal"});
  const auto row_norms_of = [](Sequential& model) {
    return row_norms(dynamic_cast<Weighted&>(model[1]).weight);
  };
  check_equal(row_norms_of(plain), row_norms_of(normalized));
  const Tensor gain = normalized.state_dict()[1].second;
  CHECK(amax(abs(reshape(gain, {512}) - row_norms_of(plain))).item() < 1e-6);
}

TEST_CASE("wrong texts of normalizations are refused") {
  const auto refused = [](const std::string& norm, const std::string& message) {
    CAPTURE(norm);
    CHECK_THROWS_WITH_AS(build("lenet", {.norm = norm}), message.c_str(), std::invalid_argument);
  };
  refused("weigth-std", "unknown normalization 'weigth-std': did you mean weight-std, weight?");
  refused("batch+", "[normalization] a name is missing at character 7");
  refused("+batch", "[normalization] a name is missing at character 1");
  refused("+", "[normalization] a name is missing at character 1");
  refused("batch+layer",
          "[normalization] batch and layer cannot be combined, both normalize activations: "
          "'batch+layer'");
  refused("weight+group:2+weight-std",
          "[normalization] weight and weight-std cannot be combined, both normalize weights: "
          "'weight+group:2+weight-std'");
  refused("none+batch", "[normalization] none cannot be combined, got 'none+batch'");
  refused("weight-std+none", "[normalization] none cannot be combined, got 'weight-std+none'");
  refused("none+none", "[normalization] none cannot be combined, got 'none+none'");
  refused("none:2",
          "[lenet] 'norm none' at character 19, input (6, 28, 28): [none] '2' is one argument "
          "too many at character 6; it takes no arguments");
  refused("layer:3",
          "[lenet] 'norm none' at character 19, input (6, 28, 28): [layer] '3' is one argument "
          "too many at character 7; it takes no arguments");
  refused("weight-std:3",
          "[weight-std] '3' is one argument too many at character 12; it takes no arguments");
  refused("weight-whiten:0",
          "[weight-whiten] outputs must be a whole number from 1 to 10^9, got '0' at character 15");
  refused("spectral:2.5",
          "[spectral] iterations must be a whole number from 1 to 10^9, got '2.5' at character 10");
  for (const char* scale : {"0", "-1", "x", "inf", "nan", "5x"})
    refused(std::string("cosine:") + scale,
            std::string("[cosine] scale must be positive and finite, got '") + scale +
                "' at character 8");
}

TEST_CASE("the same seed draws the same weights, with every initializer") {
  const auto first_weight = [](const std::string& init, uint64_t seed) {
    Rng rng(3);
    Sequential model =
        build("mlp", {.input = {6}, .init = init, .batch = randn({8, 6}, rng)}, seed);
    return model.state_dict()[0].second.to_vector<float>();
  };
  CHECK(first_weight("", 1) == first_weight("", 1));
  CHECK(first_weight("", 1) != first_weight("", 2));
  std::set<std::vector<float>> different{first_weight("", 1)};
  for (const auto& [name, help, make] : initializers().entries())
    if (name != "pretrained") different.insert(first_weight(name, 1));
  // Without that of a file, with the default, and identity is dirac for matrices.
  CHECK(different.size() == initializers().entries().size() - 1);
}

TEST_CASE("models refuse wrong options") {
  const auto refused = [](const std::string& name, const ModelOptions& options,
                          const char* message) {
    CHECK_THROWS_WITH_AS(build(name, options), message, std::invalid_argument);
  };
  refused("lenet", {.input = {784}},
          "[lenet] 'conv 6 5x5 pad 2' at character 1, input (784): needs images (C, H, W)");
  refused("lenet", {.input = {1, 6, 6}},
          "[lenet] 'conv 16 5x5' at character 53, input (6, 3, 3): [conv2d] the kernel must not be "
          "larger than the padded image: kernel 5×5 (dilation 1), image 3×3 (padding 0)");
  refused("cnn-bn", {.input = {1, 3, 8}},
          "[cnn-bn] 'maxpool 2' at character 74, input (64, 1, 4): [max_pool2d] the kernel must "
          "not be larger than the padded image: kernel 2, image 1 (padding 0)");
  refused("gru", {.input = {784}},
          "[gru] 'gru 128' at character 1, input (784): needs images (C, H, W)");
  refused("gru", {.norm = "batch"},
          "[gru] 'gru 128' at character 1, input (1, 28, 28): recurrent cells support only the "
          "normalizations layer and none, got 'batch'");
  for (const char* name : {"mlp", "mlp-bn", "rnn", "lstm", "gru"})
    CHECK_THROWS_WITH_AS(
        build(name, {.channel_dropout = 0.5}),
        fmt::format("[{}] the network has no convolution for channel_dropout 0.5", name).c_str(),
        std::invalid_argument);
  refused("lstm", {.drop_connect = 0.5},
          "[lstm] the network has no hidden dense layer for drop_connect 0.5");
  refused("cnn", {.norm = "batch+spectral:2", .drop_connect = 0.5},
          "[cnn] drop_connect 0.5 cannot be combined with the weight normalization spectral:2");
  refused("mlp", {.input_dropout = 1}, "[dropout] rate must be 0 or more and below 1, got 1");
  refused("mlp", {.drop_connect = 1}, "[drop_connect] rate must be 0 or more and below 1, got 1");
  refused("cnn", {.channel_dropout = -1},
          "[cnn] 'activation' at character 25, input (32, 26, 26): [dropout2d] rate must be 0 or "
          "more and below 1, got -1");
  refused("mlp", {.classes = 0}, "[mlp] classes must be 1 or more, got 0");
  refused("mlp", {.input = {2}, .index_columns = {{0, 1'000'000'000, 1'000'000'000}}},
          "a network must not have more than 2^30 parameters, this one would have 1e+18");
  refused("cnn", {.index_columns = {{0, 20, 9}}},
          "[cnn] columns with indices need samples (F), got (1, 28, 28)");
  refused("mlp", {.input = {}}, "[mlp] the input must be (F) or (C, H, W), got ()");
  refused("mlp", {.activation = "rely"},
          "unknown activation 'rely': did you mean relu, relu6, prelu?");
  refused("mpl", {},
          "unknown model 'mpl': one of mlp, gpt, cnn, rnn, gru, mlp-bn, lstm, lenet, cnn-bn");
}

TEST_CASE("a summary has each layer's shape, parameters and operations") {
  Sequential model = build("cnn-bn");
  const std::vector<LayerSummary> rows = summarize(model, {1, 28, 28});
  REQUIRE(rows.size() == 12);
  CHECK(rows[0].path == "0");
  CHECK(rows[0].description == "Conv2d(1, 32, kernel=3, padding=1, bias=false)");
  CHECK(rows[0].output == Shape{32, 28, 28});
  CHECK(rows[0].parameters == 288);
  CHECK(rows[0].flops == 2 * 9 * 32 * 28 * 28);
  CHECK(rows[4].flops == 2 * 9 * 32 * 64 * 14 * 14);
  CHECK(rows[8].output == Shape{3136});
  CHECK(rows[9].flops == 2 * 3136 * 128);
  CHECK(rows[9].parameters == 3136 * 128 + 128);
  CHECK(rows[2].flops == 0);
  int64_t parameters = 0;
  for (const LayerSummary& row : rows) parameters += row.parameters;
  CHECK(parameters == model.parameter_count());
  CHECK(model.is_training());
  CHECK(model[1].named_buffers()[2].second.item() == 0);
}

TEST_CASE("a model supports a batch without examples, or throws an error") {
  Rng rng(1);
  const auto check = [&](const std::string& name, const ModelOptions& options) {
    CAPTURE(name);
    CAPTURE(options.norm);
    Sequential model = layers::build(name, options, rng);
    const Tensor none = inputs_for(options, 0, rng);
    model.evaluate();
    CHECK(model(none).size(0) == 0);
    model.train();
    try {
      sum(model(none)).backward();
    } catch (const std::invalid_argument& error) {
      // Batch statistics need at least one example.
      CHECK(std::string(error.what()).find("] ") != std::string::npos);
      return;
    }
    for (const auto& [path, parameter] : model.parameters())
      CHECK(sum(abs(parameter.grad())).item() == 0);
  };
  for (const auto& entry : models().entries())
    check(entry.name, options_for(entry.name, {.input = {2, 16, 16}, .classes = 3}));
  for (const auto& entry : normalizations().entries())
    if (entry.name != "none")
      check("cnn-bn", {.input = {2, 16, 16}, .classes = 3, .norm = entry.name});
  for (const auto& entry : weight_normalizations().entries())
    check("mlp", {.input = {5}, .classes = 3, .norm = entry.name});
  check("conv 4 3x3, prelu, avgpool 2, globalmaxpool, dropout .5, dense classes",
        {.input = {2, 16, 16}, .classes = 3});
}
