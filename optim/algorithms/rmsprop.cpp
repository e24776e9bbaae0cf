#include "optim/algorithms/rmsprop.hpp"

#include "optim/algorithms/fused.hpp"

namespace gradus::optim {

OptionTable<RMSPropOptions> RMSPropOptions::table() {
  using O = RMSPropOptions;
  return {{"alpha", &O::alpha, range::fraction, "part of the mean square that stays"},
          {"eps", &O::eps, range::positive, "keeps the divisor from 0"},
          {"momentum", &O::momentum, range::fraction, "part of the velocity that stays"},
          {"centered", &O::centered, "divide by the deviation from the mean gradient"},
          {"weight_decay", &O::weight_decay, range::not_negative, "shrinks weights"}};
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
