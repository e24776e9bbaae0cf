#include "optim/algorithms/adamax.hpp"

#include "core/math.hpp"
#include "optim/algorithms/adam_table.hpp"
#include "optim/algorithms/fused.hpp"

namespace gradus::optim {

OptionTable<AdamaxOptions> AdamaxOptions::table() {
  return adam_table<AdamaxOptions>();
}

Adamax::Adamax(const NamedTensors& parameters, const AdamaxOptions& options)
    : OptimizerWith("adamax", parameters, options, {"exp_avg", "exp_inf"}) {}

void Adamax::update(const Target& target) {
  const double correction = 1 - math::pow(options_.beta1, static_cast<double>(steps()));
  apply(name(),
        kernels::AdamaxUpdate{.lr = target.lr / correction,
                              .beta1 = options_.beta1,
                              .beta2 = options_.beta2,
                              .eps = options_.eps,
                              .weight_decay = target.weight_decay},
        target);
}

}  // namespace gradus::optim
