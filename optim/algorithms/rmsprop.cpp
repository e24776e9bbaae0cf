#include "optim/algorithms/rmsprop.hpp"

#include "optim/algorithms/fused.hpp"

namespace gradus::optim {

OptionTable<RMSPropOptions> RMSPropOptions::table() {
  using O = RMSPropOptions;
  return {{"alpha", &O::alpha, range::fraction, "decay rate of the mean square"},
          {"eps", &O::eps, range::positive, "added to the divisor"},
          {"momentum", &O::momentum, range::fraction, "decay rate of the velocity"},
          {"centered", &O::centered,
           "divide by the standard deviation instead of the root mean square"},
          {"weight_decay", &O::weight_decay, range::not_negative, "weight decay"}};
}

static std::vector<std::string> state_of(const RMSPropOptions& options) {
  std::vector<std::string> names{"square_avg"};
  if (options.momentum != 0) names.push_back("momentum_buffer");
  if (options.centered) names.push_back("grad_avg");
  return names;
}

RMSProp::RMSProp(const NamedTensors& parameters, const RMSPropOptions& options)
    : OptimizerWith("rmsprop", parameters, options, state_of(options)) {}

void RMSProp::update(const Target& target) {
  apply(name(),
        kernels::RmspropUpdate{.lr = target.lr,
                               .alpha = options_.alpha,
                               .eps = options_.eps,
                               .weight_decay = target.weight_decay,
                               .momentum = options_.momentum,
                               .has_velocity = has_state("momentum_buffer"),
                               .centered = options_.centered},
        target);
}

}  // namespace gradus::optim
