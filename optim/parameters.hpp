// trainable, check_gradients, check_state: the optimizers' checks of parameters and saved states.
#pragma once

#include "core/tensor.hpp"

namespace gradus::optim {

/// The `parameters` that require a gradient. Throws std::invalid_argument of `owner` for duplicate
/// names or tensors, results of operations, or nothing to train.
NamedTensors trainable(const std::string& owner, const NamedTensors& parameters);

/// Throws std::logic_error with `advice` if `missing`, the names of parameters without a gradient,
/// isn't empty.
void check_gradients(const std::string& owner, const std::vector<std::string_view>& missing,
                     std::string_view advice);

/// Throws std::invalid_argument listing the differences() between `own` and `given`, if any.
void check_state(const std::string& owner, const NamedTensors& own, const NamedTensors& given);

}  // namespace gradus::optim
