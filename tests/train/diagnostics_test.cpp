// diagnose.
#include "train/diagnostics.hpp"

#include <doctest/doctest.h>

#include "layers/activation.hpp"
#include "layers/dense.hpp"
#include "layers/flatten.hpp"
#include "layers/sequential.hpp"
#include "train/task.hpp"

using namespace gradus;

TEST_CASE("Diagnostics have the outputs of the layers that compute something, and the gradients") {
  Rng rng(1);
  layers::Sequential model{layers::Flatten(), layers::Dense(4, 3, rng),
                           layers::Sequential{layers::Tanh(), layers::Dense(3, 2, rng)}};
  const data::Batch batch{randn({5, 1, 2, 2}, rng), Tensor::from<int64_t>({0, 1, 1, 0, 1})};
  const LossFunction loss = [](const Tensor& logits, const Tensor& labels) {
    return cross_entropy(logits, labels);
  };
  const train::Diagnostics got = train::diagnose(model, loss, batch);
  for (const auto& parameter : model.parameters()) CHECK_FALSE(parameter.second.grad().defined());
  std::vector<std::string> names;
  for (const auto& [name, output] : got.activations) names.push_back(name);
  CHECK(names == std::vector<std::string>{"1 Dense", "2.0 Tanh", "2.1 Dense"});
  const Tensor logits = model(batch.inputs);
  CHECK(got.activations.back().second.to_vector<float>() == logits.to_vector<float>());
  loss(logits, batch.targets).backward();
  const NamedTensors parameters = model.parameters();
  REQUIRE(got.weights.size() == parameters.size());
  REQUIRE(got.gradients.size() == parameters.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const std::string& name = parameters[i].first;
    const Tensor& parameter = parameters[i].second;
    CHECK(got.weights[i].first == name);
    CHECK(got.gradients[i].first == name);
    CHECK(got.weights[i].second.to_vector<float>() == parameter.to_vector<float>());
    CHECK(got.gradients[i].second.to_vector<float>() == parameter.grad().to_vector<float>());
  }
}
