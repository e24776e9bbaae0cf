#include "optim/algorithms/adam.hpp"

#include <cmath>

#include "core/math.hpp"
#include "optim/algorithms/adam_table.hpp"
#include "optim/algorithms/fused.hpp"

namespace gradus::optim {

template <bool decoupled>
OptionTable<AdamOptionsOf<decoupled>> AdamOptionsOf<decoupled>::table() {
  return adam_table<AdamOptionsOf>(
      {{"amsgrad", &AdamOptionsOf::amsgrad, "divide by the largest mean square so far"},
       {"bias_correction", &AdamOptionsOf::bias_correction,
        "correct the bias of means that start at 0"}});
}

template <bool decoupled>
AdamOf<decoupled>::AdamOf(const NamedTensors& parameters, const AdamOptionsOf<decoupled>& options)
    : OptimizerWith<AdamOptionsOf<decoupled>>(
          decoupled ? "adamw" : "adam", parameters, options,
          options.amsgrad ? std::vector<std::string>{"exp_avg", "exp_avg_sq", "max_exp_avg_sq"}
                          : std::vector<std::string>{"exp_avg", "exp_avg_sq"}) {}

template <bool decoupled>
void AdamOf<decoupled>::update(const Optimizer::Target& target) {
  const AdamOptionsOf<decoupled>& options = this->options_;
  const auto t = static_cast<double>(this->steps());
  const double correction1 = options.bias_correction ? 1 - math::pow(options.beta1, t) : 1,
               correction2 = options.bias_correction ? 1 - math::pow(options.beta2, t) : 1;
  apply(this->name(),
        kernels::AdamUpdate{.mean_lr = target.lr / correction1,
                            .beta1 = options.beta1,
                            .beta2 = options.beta2,
                            .root_scale = 1 / std::sqrt(correction2),
                            .eps = options.eps,
                            .weight_decay = decoupled ? 0 : target.weight_decay,
                            .shrink = decoupled ? 1 - target.lr * target.weight_decay : 1,
                            .largest = options.amsgrad},
        target);
}

template struct AdamOptionsOf<false>;
template struct AdamOptionsOf<true>;
template class AdamOf<false>;
template class AdamOf<true>;

}  // namespace gradus::optim
