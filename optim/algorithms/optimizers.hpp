// optimizers: the optimizers by name.
#pragma once

#include "core/text/registry.hpp"
#include "optim/optimizer.hpp"

namespace gradus::optim {

/// Makes the optimizer of one name, with its options and default rates.
struct OptimizerFactory {
  /// Its options besides the learning rate.
  std::vector<OptionInfo> options;
  double lr;       ///< default learning rate
  double peak_lr;  ///< default peak rate of schedules that are far below it in most steps
  /// Called by operator().
  std::function<std::unique_ptr<Optimizer>(const NamedTensors&, double, const OptionValues&,
                                           const NamedTensors&)>
      make;

  /// An optimizer for `parameters` with the learning rate `rate`. Those in `outer`,
  /// layers::outer_parameters(model), get another update from Muon; other optimizers ignore it.
  /// Throws std::invalid_argument for an option that the optimizer doesn't have, "[adam] has no
  /// option momentum", and the errors of its constructor.
  std::unique_ptr<Optimizer> operator()(const NamedTensors& parameters, double rate,
                                        const OptionValues& values = {},
                                        const NamedTensors& outer = {}) const {
    return make(parameters, rate, values, outer);
  }
};

/// The optimizers by name.
const Registry<OptimizerFactory>& optimizers();

}  // namespace gradus::optim
