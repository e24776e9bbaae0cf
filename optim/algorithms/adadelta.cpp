#include "optim/algorithms/adadelta.hpp"

#include "optim/algorithms/fused.hpp"

namespace gradus::optim {

OptionTable<AdadeltaOptions> AdadeltaOptions::table() {
  using O = AdadeltaOptions;
  return {{"rho", &O::rho, range::fraction, "decay rate of the mean squares"},
          {"eps", &O::eps, range::positive, "added under the roots"},
          {"weight_decay", &O::weight_decay, range::not_negative, "weight decay"}};
}

Adadelta::Adadelta(const NamedTensors& parameters, const AdadeltaOptions& options)
    : OptimizerWith("adadelta", parameters, options, {"square_avg", "acc_delta"}) {}

void Adadelta::update(const Target& target) {
  apply(name(),
        kernels::AdadeltaUpdate{.lr = target.lr,
                                .rho = options_.rho,
                                .eps = options_.eps,
                                .weight_decay = target.weight_decay},
        target);
}

}  // namespace gradus::optim
