#include "optim/algorithms/adagrad.hpp"

#include "optim/algorithms/fused.hpp"

namespace gradus::optim {

OptionTable<AdagradOptions> AdagradOptions::table() {
  using O = AdagradOptions;
  return {{"lr_decay", &O::lr_decay, range::not_negative,
           "the rate at step t is divided by 1 + lr_decay (t - 1)"},
          {"initial_accumulator_value", &O::initial_accumulator_value, range::not_negative,
           "initial value of the sum of squares"},
          {"eps", &O::eps, range::positive, "added to the divisor"},
          {"weight_decay", &O::weight_decay, range::not_negative, "weight decay"}};
}

Adagrad::Adagrad(const NamedTensors& parameters, const AdagradOptions& options)
    : OptimizerWith("adagrad", parameters, options, {"sum"}) {
  fill_state(0, options.initial_accumulator_value);
}

void Adagrad::update(const Target& target) {
  const double decay = 1 + options_.lr_decay * static_cast<double>(steps() - 1);
  apply(name(),
        kernels::AdagradUpdate{
            .lr = target.lr / decay, .eps = options_.eps, .weight_decay = target.weight_decay},
        target);
}

}  // namespace gradus::optim
