#include "optim/clipping.hpp"

#include <cmath>

#include "core/autograd.hpp"
#include "core/math.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/text/option_table.hpp"

namespace gradus::optim {
namespace {

// Replaces each parameter's gradient, if there is one, by change(parameter, gradient).
template <class Change>
void change_gradients(const NamedTensors& parameters, Change change) {
  const NoGrad no_grad;
  for (auto [name, parameter] : parameters)
    if (parameter.grad().defined()) parameter.set_grad(change(parameter, parameter.grad()));
}

// The norm of each unit, with a shape that broadcasts to x.
Tensor unit_norms(const Tensor& x) {
  if (x.rank() <= 1) return norm(x);
  Dims within_unit;
  for (int dim = 1; dim < x.rank(); ++dim) within_unit.push_back(dim);
  return norm(x, 2, within_unit, true);
}

Tensor constant_like(const Tensor& x, double value) {
  return Tensor::full({}, value, x.dtype());
}

}  // namespace

double clip_grad_norm(const NamedTensors& parameters, double max_norm) {
  range::positive.check("clip_grad_norm", "max_norm", max_norm);
  const NoGrad no_grad;
  double total = 0;
  for (const auto& [name, parameter] : parameters)
    if (parameter.grad().defined()) total = math::hypot(total, norm(parameter.grad()).item());
  if (total > max_norm && std::isfinite(total))
    change_gradients(parameters,
                     [&](const Tensor&, const Tensor& g) { return g * (max_norm / total); });
  return total;
}

void clip_grad_value(const NamedTensors& parameters, double limit) {
  range::positive.check("clip_grad_value", "limit", limit);
  change_gradients(parameters,
                   [&](const Tensor&, const Tensor& g) { return clamp(g, -limit, limit); });
}

void clip_grad_adaptive(const NamedTensors& parameters, const AdaptiveClippingOptions& options) {
  range::positive.check("clip_grad_adaptive", "clipping", options.clipping);
  range::positive.check("clip_grad_adaptive", "eps", options.eps);
  change_gradients(parameters, [&](const Tensor& w, const Tensor& g) {
    const Tensor limit = maximum(unit_norms(w), constant_like(w, options.eps)) * options.clipping;
    // A gradient of norm 0 is below any limit; the maximum only avoids a division by 0.
    const Tensor length = maximum(unit_norms(g), limit);
    return g * (limit / length);
  });
}

void add_gradient_noise(const NamedTensors& parameters, int64_t step, Rng& rng,
                        const GradientNoiseOptions& options) {
  require(step >= 0, "add_gradient_noise", "step must be 0 or more, got {}", step);
  range::not_negative.check("add_gradient_noise", "eta", options.eta);
  range::not_negative.check("add_gradient_noise", "gamma", options.gamma);
  const double deviation =
      std::sqrt(options.eta * math::pow(1 + static_cast<double>(step), -options.gamma));
  change_gradients(parameters, [&](const Tensor&, const Tensor& g) {
    return g + randn(g.shape(), rng, g.dtype()) * deviation;
  });
}

}  // namespace gradus::optim
