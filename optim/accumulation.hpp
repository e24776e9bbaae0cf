// accumulate_backward: computes the gradient of a batch in parts that fit into memory.
#pragma once

#include <functional>

#include "core/tensor.hpp"

namespace gradus::optim {

/// Adds the gradient of the mean loss over `rows` rows to the leaves it depends on, in parts of at
/// most `part` rows. `loss(first, count)` must return the mean over rows first … first + count − 1;
/// it gets the weight count/rows. The result equals backward() of the whole batch up to rounding,
/// unless rows of a batch depend on each other (batch normalization). Returns the mean loss. Throws
/// std::invalid_argument unless both numbers are 1 or more.
double accumulate_backward(int64_t rows, int64_t part,
                           const std::function<Tensor(int64_t first, int64_t count)>& loss);

}  // namespace gradus::optim
