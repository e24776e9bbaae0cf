#include "train/diagnostics.hpp"

namespace gradus::train {

constexpr int64_t most_samples = 128;

static bool share_values(const Tensor& a, const Tensor& b) {
  return a.dtype() == DType::f32 && b.dtype() == DType::f32 && a.data<float>() == b.data<float>();
}

Diagnostics diagnose(const layers::Module& model, const Loss& loss, const data::Batch& batch) {
  const std::unique_ptr<layers::Module> copy = model.clone();
  copy->train();
  Diagnostics result;
  {
    const layers::CallObserver observer([&](layers::Module& layer, const Tensor& input,
                                            const Tensor& output) {
      const bool is_container = layers::Members(layer).modules().size() > 1;
      if (is_container || share_values(input, output)) return;
      const std::string description = layer.description();
      result.activations.emplace_back(
          fmt::format("{} {}", LayerScope::path(), description.substr(0, description.find('('))),
          output.detach());
    });
    loss((*copy)(batch.inputs), batch.targets).backward();
  }
  result.weights = copy->named_parameters();
  for (const auto& [name, parameter] : result.weights)
    if (parameter.grad().defined()) result.gradients.emplace_back(name, parameter.grad());
  return result;
}

data::Batch diagnostic_batch(const Training& training) {
  return training.train.batch(
      0, std::min({training.train.size(), training.micro_batch, most_samples}));
}

}  // namespace gradus::train
