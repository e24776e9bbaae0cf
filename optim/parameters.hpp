// What optimizers check of parameters and saved states.
#pragma once

#include "core/tensor.hpp"

namespace gradus::optim {

/// Those of `parameters` that require a gradient. Throws std::invalid_argument in the name of
/// `owner` for names that repeat, a tensor twice, results of operations, or nothing to train.
NamedTensors trainable(const std::string& owner, const NamedTensors& parameters);

/// Throws std::logic_error for parameters of the names `missing` that got no gradient, if any, with
/// what to do about it.
void check_gradients(const std::string& owner, const std::vector<std::string_view>& missing,
                     std::string_view advice);

/// Throws std::invalid_argument listing the differences() between `own` and `given`, if any.
void check_state(const std::string& owner, const NamedTensors& own, const NamedTensors& given);

}  // namespace gradus::optim
