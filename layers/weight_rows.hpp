// Rows of a weight, one for each output: what normalizations of weights go over.
#pragma once

#include "core/ops/shape.hpp"

namespace gradus::layers {

/// The number of values in a row.
inline int64_t row_length(const Shape& weight) {
  return weight.numel() / weight[0];
}

/// One value a row, (out) → (out, 1, …), against the weight.
inline Tensor against(const Tensor& values, const Tensor& weight) {
  Shape shape{values.numel()};
  while (shape.rank() < weight.rank()) shape = shape.inserted(shape.rank(), 1);
  return reshape(values, shape);
}

/// The number of the dimension of `y`, a product with the weight, that counts the outputs.
inline int outputs_dim(const Tensor& y, const Tensor& weight) {
  return weight.rank() == 2 ? y.rank() - 1 : 1;
}

}  // namespace gradus::layers
