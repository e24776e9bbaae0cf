#include "optim/algorithms/lion.hpp"

#include "optim/algorithms/fused.hpp"

namespace gradus::optim {

OptionTable<LionOptions> LionOptions::table() {
  using O = LionOptions;
  return {{"beta1", &O::beta1, range::fraction, "weight of the mean gradient in the step"},
          {"beta2", &O::beta2, range::fraction, "decay rate of the mean gradient"},
          {"weight_decay", &O::weight_decay, range::not_negative, "weight decay"}};
}

Lion::Lion(const NamedTensors& parameters, const LionOptions& options)
    : OptimizerWith("lion", parameters, options, {"exp_avg"}) {}

void Lion::update(const Target& target) {
  apply(name(),
        kernels::LionUpdate{.lr = target.lr,
                            .beta1 = options_.beta1,
                            .beta2 = options_.beta2,
                            .shrink = 1 - target.lr * target.weight_decay},
        target);
}

}  // namespace gradus::optim
