// layer_histograms_test: diagnose, layer_histograms.
#include "train/diagnostics.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "apps/gradus/report/model_pictures.hpp"
#include "layers/activation.hpp"
#include "layers/convolution.hpp"
#include "layers/dense.hpp"
#include "layers/dropout.hpp"
#include "layers/flatten.hpp"
#include "layers/norm/batch_norm.hpp"
#include "layers/sequential.hpp"

using namespace gradus;

namespace {

layers::Sequential small_network() {
  Rng rng(3);
  return layers::Sequential{layers::Conv2d({.in_channels = 1, .out_channels = 2, .kernel = 3}, rng),
                            layers::BatchNorm2d(2),
                            layers::ReLU(),
                            layers::Flatten(),
                            layers::Dropout(0.5, rng),
                            layers::Dense(2 * 2 * 2, 3, rng)};
}

data::Batch example_batch() {
  Rng rng(5);
  return {randn({6, 1, 4, 4}, rng), Tensor::from<int64_t>({0, 1, 2, 0, 1, 2})};
}

// The values, generators, gradients and modes of a model.
struct Snapshot {
  explicit Snapshot(layers::Module& model) {
    for (const auto& [name, tensor] : model.state_dict())
      if (tensor.dtype() == DType::f32) values.push_back(tensor.to_vector<float>());
    for (const auto& [name, rng] : model.named_generators()) generators.push_back(rng->state());
    for (const auto& [name, tensor] : model.named_parameters())
      gradients.push_back(tensor.grad().defined());
    const layers::Members members(model);
    for (const auto& [name, module] : members.modules()) modes.push_back(module->is_training());
  }
  bool operator==(const Snapshot&) const = default;

  std::vector<std::vector<float>> values;
  std::vector<Rng::State> generators;
  std::vector<bool> gradients, modes;
};

const Tensor& tensor(const NamedTensors& tensors, const std::string& name) {
  for (const auto& [known, value] : tensors)
    if (known == name) return value;
  FAIL("no tensor ", name);
  return tensors.front().second;
}

}  // namespace

TEST_CASE("diagnose doesn't change the model") {
  layers::Sequential model = small_network();
  model[2].train(false);
  const Snapshot before(model);
  train::diagnose(
      model, [](auto& x, auto& y) { return cross_entropy(x, y); }, example_batch());
  CHECK(Snapshot(model) == before);
  CHECK(before.generators.size() == 1);
}

TEST_CASE("Activations and gradients are those of the model's next training step") {
  layers::Sequential model = small_network();
  const data::Batch batch = example_batch();
  const LossFunction loss = [](const Tensor& x, const Tensor& y) { return cross_entropy(x, y); };
  const train::Diagnostics seen = train::diagnose(model, loss, batch);

  std::vector<std::string> layers;
  for (const auto& [name, values] : seen.activations) layers.push_back(name);
  CHECK(layers ==
        std::vector<std::string>{"0 Conv2d", "1 BatchNorm2d", "2 ReLU", "4 Dropout", "5 Dense"});

  const Tensor logits = model(batch.inputs);
  CHECK(tensor(seen.activations, "5 Dense").to_vector<float>() == logits.to_vector<float>());
  loss(logits, batch.targets).backward();
  REQUIRE(seen.gradients.size() == model.named_parameters().size());
  for (const auto& entry : model.named_parameters()) {
    const auto& [name, parameter] = entry;
    CAPTURE(entry.first);
    CHECK(tensor(seen.gradients, name).to_vector<float>() == parameter.grad().to_vector<float>());
    CHECK(tensor(seen.weights, name).to_vector<float>() == parameter.to_vector<float>());
  }
}

TEST_CASE("Frozen parameters have no gradients in diagnose") {
  layers::Sequential model = small_network();
  model[0].freeze();
  const train::Diagnostics seen = train::diagnose(
      model, [](auto& x, auto& y) { return cross_entropy(x, y); }, example_batch());
  CHECK(seen.gradients.size() + 2 == seen.weights.size());
}

TEST_CASE("Histograms of a model contain all values except zeros") {
  std::vector<float> outputs(100, 0.f);
  for (int i = 0; i < 50; ++i) outputs[2 * i] = static_cast<float>(i % 5) - 2;
  outputs[1] = 1e6f;
  const train::Diagnostics diagnostics{
      .weights = {{"0.weight", Tensor::from(std::vector<float>{-3, 1, 1, 1}, {2, 2})},
                  {"0.bias", Tensor::from({1.f, 2.f})},
                  {"1.weight", Tensor::from(std::vector<float>{-0.5f, 0.5f}, {1, 2})}},
      .activations = {{"0 Dense", Tensor::from(outputs, {100})}},
      .gradients = {{"0.weight", Tensor::from(std::vector<float>{-1e-3f, 0, 0.1f, NAN}, {2, 2})}}};
  const auto groups = app::layer_histograms(diagnostics);
  REQUIRE(groups.size() == 3);
  const auto sum = [](const pictures::Histogram& histogram) {
    double total = 0;
    for (const double share : histogram.shares) total += share;
    return total;
  };
  REQUIRE(groups[0].histograms.size() == 2);
  CHECK(groups[0].histograms[0].low == -3);
  CHECK(groups[0].histograms[1].high == 1);  // one axis for both
  CHECK(sum(groups[0].histograms[0]) == doctest::Approx(1));
  CHECK(groups[0].histograms[0].shares.back() == doctest::Approx(0.75));
  CHECK(groups[0].histograms[0].note == "mean 0, deviation 1.7");

  // 10 of the first 50 values and 49 of the others are zero; the outlier is in the last bin.
  CHECK(sum(groups[1].histograms[0]) == doctest::Approx(0.41));
  CHECK(groups[1].histograms[0].note.ends_with(", 59 % zero"));
  CHECK(groups[1].histograms[0].high < 1e6);
  CHECK(groups[1].histograms[0].shares.back() == doctest::Approx(0.01));

  CHECK(groups[2].scale == pictures::AxisScale::logarithmic);
  CHECK(groups[2].histograms[0].low == doctest::Approx(-3));
  CHECK(groups[2].histograms[0].high == doctest::Approx(-1));
  CHECK(groups[2].histograms[0].note == "geometric mean 1.0e-02, 25 % zero");
  CHECK(app::layer_histograms({}).empty());
}
