#include "layers/summary.hpp"

namespace gradus::layers {

std::vector<LayerSummary> summarize(Module& module, const Shape& input, DType dtype) {
  std::vector<LayerSummary> rows;
  const CallObserver observer([&](Module& layer, const Tensor& x, const Tensor& y) {
    if (Members(layer).modules().size() > 1) return;
    rows.push_back({LayerScope::path(), layer.description(), y.shape().without(0),
                    layer.parameter_count(), layer.flops(x.shape(), y.shape()), layer.equation()});
  });
  const EvaluationScope scope(module);
  module(Tensor::zeros(input.inserted(0, 1), dtype));
  return rows;
}

}  // namespace gradus::layers
