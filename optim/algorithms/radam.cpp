#include "optim/algorithms/radam.hpp"

#include <cmath>

#include "core/math.hpp"
#include "optim/algorithms/adam_table.hpp"
#include "optim/algorithms/fused.hpp"

namespace gradus::optim {

OptionTable<RAdamOptions> RAdamOptions::table() {
  return adam_table<RAdamOptions>();
}

RAdam::RAdam(const NamedTensors& parameters, const RAdamOptions& options)
    : OptimizerWith("radam", parameters, options, {"exp_avg", "exp_avg_sq"}) {}

void RAdam::update(const Target& target) {
  const double t = static_cast<double>(steps()), power = math::pow(options_.beta2, t);
  const double mean_lr = target.lr / (1 - math::pow(options_.beta1, t));
  const double longest = 2 / (1 - options_.beta2) - 1;
  const double length = longest - 2 * t * power / (1 - power);
  const bool adaptive = length > 5;
  const double rectification =
      std::sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
  apply(name(),
        kernels::AdamUpdate{
            .mean_lr = adaptive ? mean_lr * rectification * std::sqrt(1 - power) : mean_lr,
            .beta1 = options_.beta1,
            .beta2 = options_.beta2,
            .root_scale = adaptive ? 1.0 : 0.0,
            .eps = adaptive ? options_.eps : 1,
            .weight_decay = target.weight_decay},
        target);
}

}  // namespace gradus::optim
