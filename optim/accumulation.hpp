// The gradient of a batch, from parts that fit into memory.
#pragma once

#include <functional>

#include "core/tensor.hpp"

namespace gradus::optim {

/// Adds the gradient of the mean loss over `rows` rows to the leaves it depends on, from parts of
/// at most `part` rows: `loss(first, count)` is the mean over rows first … first + count − 1, and
/// enters with the weight count/rows. Equal to backward() of the whole up to rounding, unless rows
/// of a batch depend on each other (batch normalization). Returns the mean loss. Throws
/// std::invalid_argument unless both are 1 or more.
double accumulate_backward(int64_t rows, int64_t part,
                           const std::function<Tensor(int64_t first, int64_t count)>& loss);

}  // namespace gradus::optim
