#include "layers/init/lsuv.hpp"

#include <cmath>

#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/text/range.hpp"
#include "layers/init/plain_layers.hpp"

namespace gradus::layers {

// The layers in the order in which `module` calls them.
static Members::Named<Reparametrizable> called_layers(Module& module, const Tensor& batch) {
  Members::Named<Reparametrizable> layers;
  const CallObserver observer([&](Module& called, const Tensor&, const Tensor&) {
    Reparametrizable* const layer = called.reparametrizable();
    if (!layer || layer->weight_kind() == WeightKind::recurrent) return;
    const auto is_layer = [&](const auto& known) { return known.second == layer; };
    if (std::ranges::none_of(layers, is_layer)) layers.emplace_back(LayerScope::path(), layer);
  });
  module(batch);
  return layers;
}

static double output_variance(Module& module, const Reparametrizable& layer, const Tensor& batch) {
  double variance = 0;
  const CallObserver observer([&](Module& called, const Tensor&, const Tensor& output) {
    if (&called == &layer) variance = var(output, {}, false, false).item();
  });
  module(batch);
  return variance;
}

void lsuv(Module& module, const Tensor& batch, const LsuvOptions& options) {
  require(batch.defined(), "lsuv", "a batch of data is needed");
  range::positive.check("lsuv", "tolerance", options.tolerance);
  range::count.check("lsuv", "iterations", options.iterations);
  plain_layers(module);
  const EvaluationScope scope(module);
  for (const auto& [path, layer] : called_layers(module, batch)) {
    for (int64_t i = 0; i < options.iterations; ++i) {
      const double variance = output_variance(module, *layer, batch);
      require(variance > 0 && std::isfinite(variance), "lsuv",
              "outputs must vary over the batch: layer {} has variance {}", path, variance);
      if (std::abs(variance - 1) <= options.tolerance) break;
      layer->change_weights([&](const Tensor& weight) { return weight / std::sqrt(variance); },
                            true);
    }
  }
}

}  // namespace gradus::layers
