#include "optim/algorithms/nadam.hpp"

#include <cmath>

#include "core/math.hpp"
#include "optim/algorithms/adam_table.hpp"
#include "optim/algorithms/fused.hpp"

namespace gradus::optim {

OptionTable<NAdamOptions> NAdamOptions::table() {
  using O = NAdamOptions;
  return adam_table<O>({{"momentum_decay", &O::momentum_decay, range::not_negative,
                         "how fast the momentum rises to beta1"}});
}

NAdam::NAdam(const NamedTensors& parameters, const NAdamOptions& options)
    : OptimizerWith("nadam", parameters, options, {"exp_avg", "exp_avg_sq"}) {}

void NAdam::set_momentum(double) {
  fail(name(), "changes its momentum by momentum_decay: it can't be set");
}

double NAdam::momentum(int64_t step) const {
  return options_.beta1 *
         (1 - 0.5 * math::pow(0.96, static_cast<double>(step) * options_.momentum_decay));
}

double NAdam::product_to(int64_t step) {
  // An earlier state was loaded.
  if (step < factors_) {
    factors_ = 0;
    product_ = 1;
  }
  // More factors change nothing where only 1 − product counts.
  while (factors_ < step && 1 - product_ < 1) product_ *= momentum(++factors_);
  return product_;
}

void NAdam::update(const Target& target) {
  const double t = static_cast<double>(steps());
  const double now = momentum(steps()), next = momentum(steps() + 1), product = product_to(steps());
  apply(name(),
        kernels::AdamUpdate{.mean_lr = target.lr * next / (1 - product * next),
                            .gradient_lr = target.lr * (1 - now) / (1 - product),
                            .beta1 = options_.beta1,
                            .beta2 = options_.beta2,
                            .root_scale = 1 / std::sqrt(1 - math::pow(options_.beta2, t)),
                            .eps = options_.eps,
                            .weight_decay = target.weight_decay},
        target);
}

}  // namespace gradus::optim
