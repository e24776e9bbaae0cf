#include "layers/norm/constraints.hpp"

#include <cmath>
#include <limits>

#include "core/ops/elementwise.hpp"
#include "core/ops/norm/weight_normalization.hpp"
#include "layers/reparametrization.hpp"
#include "layers/weight_rows.hpp"

namespace gradus::layers {

Constraint unit_norm() {
  return [](const Tensor& weight) {
    return weight_norm(weight, Tensor::ones({weight.size(0)}, weight.dtype()));
  };
}

Constraint max_norm(double limit) {
  require(limit > 0 && std::isfinite(limit), "max_norm", "limit must be positive, got {}", limit);
  return [limit](const Tensor& weight) {
    const Tensor norms = clamp(row_norms(weight), limit, std::numeric_limits<double>::infinity());
    return weight * against(limit / norms, weight);
  };
}

void constrain(Module& module, const Constraint& constraint) {
  const NoGrad no_grad;
  for (const auto& [path, layer] : reparametrizable_layers(module))
    layer->change_weights(constraint, false);
}

}  // namespace gradus::layers
