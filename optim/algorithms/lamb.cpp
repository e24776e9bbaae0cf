#include "optim/algorithms/lamb.hpp"

#include <cmath>

#include "core/math.hpp"
#include "optim/algorithms/adam_table.hpp"
#include "optim/algorithms/fused.hpp"

namespace gradus::optim {

OptionTable<LAMBOptions> LAMBOptions::table() {
  return adam_table<LAMBOptions>();
}

LAMB::LAMB(const NamedTensors& parameters, const LAMBOptions& options)
    : OptimizerWith("lamb", parameters, options, {"exp_avg", "exp_avg_sq"}) {}

void LAMB::update(const Target& target) {
  const double t = static_cast<double>(steps());
  const kernels::LambUpdate update{.mean_scale = 1 / (1 - math::pow(options_.beta1, t)),
                                   .beta1 = options_.beta1,
                                   .beta2 = options_.beta2,
                                   .root_scale = 1 / std::sqrt(1 - math::pow(options_.beta2, t)),
                                   .eps = options_.eps,
                                   .weight_decay = target.weight_decay};
  dispatch_floating(name(), target.parameter.dtype(), [&]<class T>(T) {
    const int64_t n = target.parameter.numel();
    T* const p = target.parameter.mutable_data<T>();
    T* const m = target.state[0].mutable_data<T>();
    T* const v = target.state[1].mutable_data<T>();
    const double size = std::sqrt(kernels::sum_of_squares<T>(n, p));
    const double step =
        std::sqrt(kernels::lamb_moments<T>(n, update, target.gradient.data<T>(), p, m, v));
    const double trust = size > 0 && step > 0 ? size / step : 1;
    kernels::lamb_step<T>(n, update, target.lr * trust, p, m, v);
  });
}

}  // namespace gradus::optim
