#include "layers/models.hpp"

#include <set>

#include "layers/activation.hpp"
#include "layers/initializers.hpp"
#include "layers/normalization.hpp"
#include "layers/summary.hpp"
#include "tests/layers/check.hpp"

using namespace gradus;
using namespace gradus::layers;

namespace {

Sequential build(const std::string& name, const ModelOptions& options = {}, uint64_t seed = 1) {
  Rng rng(seed);
  return build_model(name, options, rng);
}

// Trains a step, saves, loads, copies, and agrees with itself.
void check_life(const std::string& name, const ModelOptions& options) {
  INFO(build(name, options).description());
  Rng rng(6);
  const Tensor x = randn(options.input.inserted(0, 4), rng);
  Sequential model = build(name, options), other = build(name, options, 2);
  train_step(model, x);
  other.load_state_dict(model.state_dict());
  Sequential copy = model;
  for (Sequential* m : {&model, &other, &copy}) m->evaluate();
  const Tensor y = model(x);
  CHECK(y.shape() == Shape{4, options.classes});
  check_equal(other(x), y);
  check_equal(copy(x), y);
}

}  // namespace

TEST_CASE("the named models have the parameters of their definitions") {
  const std::vector<std::pair<std::string, int64_t>> expected{
      {"mlp", 535818}, {"mlp-bn", 537354}, {"lenet", 61706}, {"cnn", 1199882}, {"cnn-bn", 421738}};
  REQUIRE(models().entries().size() == expected.size());
  for (const auto& [name, parameters] : expected) {
    INFO(name);
    CHECK(build(name).parameter_count() == parameters);
  }
}

TEST_CASE("the named models have the layers of their definitions") {
  CHECK(build("lenet").description() ==
        "Sequential(Conv2d(1, 6, kernel=5, padding=2), ReLU(), MaxPool2d(2), Conv2d(6, 16, "
        "kernel=5), ReLU(), MaxPool2d(2), Flatten(), Dense(400, 120), ReLU(), Dense(120, 84), "
        "ReLU(), Dense(84, 10))");
  CHECK(build("cnn").description() ==
        "Sequential(Conv2d(1, 32, kernel=3), ReLU(), Conv2d(32, 64, kernel=3), ReLU(), "
        "MaxPool2d(2), Dropout(0.25), Flatten(), Dense(9216, 128), ReLU(), Dropout(0.5), "
        "Dense(128, 10))");
  CHECK(build("cnn-bn").description() ==
        "Sequential(Conv2d(1, 32, kernel=3, padding=1, bias=false), BatchNorm2d(32), ReLU(), "
        "MaxPool2d(2), Conv2d(32, 64, kernel=3, padding=1, bias=false), BatchNorm2d(64), ReLU(), "
        "MaxPool2d(2), Flatten(), Dense(3136, 128), ReLU(), Dense(128, 10))");
  CHECK(build("mlp-bn", {.input = {12}, .classes = 3, .activation = "tanh"}).description() ==
        "Sequential(Flatten(), Dense(12, 512), BatchNorm1d(512), Tanh(), Dense(512, 256), "
        "BatchNorm1d(256), Tanh(), Dense(256, 3))");
  CHECK(build("mlp", {.input = {2}, .classes = 2, .norm = "layer", .dropout = 0.1}).description() ==
        "Sequential(Flatten(), Dense(2, 512), LayerNorm((512)), ReLU(), Dropout(0.1), Dense(512, "
        "256), LayerNorm((256)), ReLU(), Dropout(0.1), Dense(256, 2))");
}

TEST_CASE("every registered model trains a step, saves, loads, copies and agrees with itself") {
  for (const auto& entry : models().entries())
    check_life(entry.name, {.input = {3, 12, 14}, .classes = 5});
}

TEST_CASE("every registered activation and normalization does in a model") {
  for (const auto& entry : activations().entries())
    check_life("mlp", {.input = {6}, .classes = 3, .activation = entry.name});
  for (const auto& entry : normalizations().entries()) {
    check_life("mlp", {.input = {6}, .classes = 3, .norm = entry.name});
    check_life("lenet", {.input = {1, 12, 12}, .classes = 3, .norm = entry.name});
  }
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

TEST_CASE("models refuse what they can't be built for") {
  const auto refused = [](const std::string& name, const ModelOptions& options,
                          const char* message) {
    CHECK_THROWS_WITH_AS(build(name, options), message, std::invalid_argument);
  };
  refused("lenet", {.input = {784}}, "[lenet] needs images (C, H, W), got input (784)");
  refused("lenet", {.input = {1, 6, 6}},
          "[lenet] the input (1, 6, 6) is too small: a 5×5 window meets an image of 3×3");
  refused("cnn-bn", {.input = {1, 3, 8}},
          "[cnn-bn] the input (1, 3, 8) is too small: a 2×2 window meets an image of 1×4");
  refused("mlp", {.classes = 0}, "[mlp] classes is 1 or more, got 0");
  refused("mlp", {.input = {}}, "[mlp] needs an input (F) or (C, H, W), got ()");
  refused(
      "mlp", {.activation = "rely"},
      "unknown activation 'rely': one of relu, relu6, prelu, elu, selu, gelu, silu, mish, tanh, "
      "identity, leaky-relu, softplus, sigmoid, hardtanh, hardswish");
  refused("mpl", {}, "unknown model 'mpl': one of mlp, cnn, mlp-bn, lenet, cnn-bn");
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
