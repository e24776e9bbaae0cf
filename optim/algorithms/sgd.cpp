#include "optim/algorithms/sgd.hpp"

#include "optim/algorithms/fused.hpp"

namespace gradus::optim {

OptionTable<SGDOptions> SGDOptions::table() {
  using O = SGDOptions;
  return {{"momentum", &O::momentum, range::fraction, "decay rate of the velocity"},
          {"dampening", &O::dampening, range::zero_to_one,
           "fraction of a gradient that is not added to the velocity"},
          {"nesterov", &O::nesterov, "Nesterov momentum"},
          {"style",
           &O::style,
           {"pytorch", "sutskever"},
           "place of the learning rate: outside or inside the velocity"},
          {"weight_decay", &O::weight_decay, range::not_negative,
           "L2 term added to gradients; decoupled decay in adamw, lion, lamb, muon, adafactor and "
           "schedule-free-adamw"},
          {"decoupled_weight_decay", &O::decoupled_weight_decay, range::fraction,
           "fraction by which each step shrinks weights, independent of the learning rate"}};
}

static double decay_of(const SGDOptions& options) {
  return options.decoupled_weight_decay > 0 ? options.decoupled_weight_decay : options.weight_decay;
}

SGD::SGD(const NamedTensors& parameters, const SGDOptions& options)
    : OptimizerWith("sgd", parameters, options,
                    options.momentum > 0 ? std::vector<std::string>{"momentum_buffer"}
                                         : std::vector<std::string>{},
                    decay_of(options)) {
  require(!options.nesterov || (options.momentum > 0 && options.dampening == 0), name(),
          "nesterov needs momentum and no dampening, got momentum {} and dampening {}",
          options.momentum, options.dampening);
  require(options.weight_decay == 0 || options.decoupled_weight_decay == 0, name(),
          "weight_decay and decoupled_weight_decay cannot be combined, got {} and {}",
          options.weight_decay, options.decoupled_weight_decay);
}

void SGD::update(const Target& target) {
  const bool decoupled = options_.decoupled_weight_decay > 0;
  if (decoupled) range::fraction.check(name(), "decoupled_weight_decay", target.weight_decay);
  const bool inside = options_.style == MomentumStyle::sutskever && !target.state.empty();
  const double gain = steps() == 1 ? 1 : 1 - options_.dampening;
  apply(name(),
        kernels::SgdUpdate{.lr = inside ? 1 : target.lr,
                           .momentum = options_.momentum,
                           .gain = inside ? target.lr * gain : gain,
                           .weight_decay = decoupled ? 0 : target.weight_decay,
                           .shrink = decoupled ? 1 - target.weight_decay : 1,
                           .nesterov = options_.nesterov},
        target);
}

}  // namespace gradus::optim
