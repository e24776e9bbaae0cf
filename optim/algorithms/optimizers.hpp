// The optimizers by name.
#pragma once

#include "core/text/registry.hpp"
#include "optim/optimizer.hpp"

namespace gradus::optim {

/// Makes an optimizer of one name, and tells what can be said about it.
struct OptimizerFactory {
  /// What it can be told besides the learning rate.
  std::vector<OptionInfo> options;
  double lr;       ///< the rate to train by where none is given
  double peak_lr;  ///< the largest rate of a schedule that spends most of its steps far below it
  /// Called by operator().
  std::function<std::unique_ptr<Optimizer>(const NamedTensors&, double, const OptionValues&)> make;

  /// An optimizer for `parameters` with the learning rate `rate`. Throws std::invalid_argument for
  /// an option that the optimizer doesn't have, "[adam] has no option momentum", and for what its
  /// constructor refuses.
  std::unique_ptr<Optimizer> operator()(const NamedTensors& parameters, double rate,
                                        const OptionValues& values = {}) const {
    return make(parameters, rate, values);
  }
};

/// The optimizers by name.
const Registry<OptimizerFactory>& optimizers();

}  // namespace gradus::optim
