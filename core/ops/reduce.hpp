// Reductions over dimensions.
#pragma once

#include "core/tensor.hpp"

namespace gradus {

/// x summed over what broadcasting to its shape would repeat: the gradient of a broadcast operand.
/// Throws std::invalid_argument unless `shape` broadcasts to x.shape().
Tensor sum_to(const Tensor& x, const Shape& shape);
/// The sum of all elements.
Tensor sum(const Tensor& x);
/// The mean of all elements.
Tensor mean(const Tensor& x);

}  // namespace gradus
