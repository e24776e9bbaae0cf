// The optimizers by name.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "core/registry.hpp"
#include "optim/optimizer.hpp"

namespace gradus::optim {

/// What the named optimizers can be told; an option not given has the algorithm's default.
struct OptimizerOptions {
  std::optional<double> momentum = {}, dampening = {};  // .9 and 0 where they apply
  std::optional<double> weight_decay = {},
                        decoupled_weight_decay = {};  // 0; adamw's weight_decay .01
  std::optional<double> beta1 = {}, beta2 = {}, eps = {};
  std::optional<bool> amsgrad = {};
  bool allow_missing_gradient = false;
};

using OptimizerFactory = std::function<std::unique_ptr<Optimizer>(
    const NamedTensors& parameters, double lr, const OptimizerOptions& options)>;

/// sgd, momentum, nag, adam, adamw. A factory throws std::invalid_argument for an option that its
/// optimizer doesn't have: "[adam] has no option momentum".
const Registry<OptimizerFactory>& optimizers();

}  // namespace gradus::optim
