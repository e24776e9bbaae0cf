// row_length, against: helpers for the rows of a weight, one row for each output.
#pragma once

#include "core/ops/shape.hpp"

namespace gradus::layers {

/// The number of values in a row.
inline int64_t row_length(const Shape& weight) {
  return weight.numel() / weight[0];
}

/// Reshapes one value per row, (out) → (out, 1, …), so that it broadcasts to the weight.
inline Tensor against(const Tensor& values, const Tensor& weight) {
  Shape shape{values.numel()};
  while (shape.rank() < weight.rank()) shape = shape.inserted(shape.rank(), 1);
  return reshape(values, shape);
}

/// The dimension of the outputs in `y`, a product with the weight.
inline int outputs_dim(const Tensor& y, const Tensor& weight) {
  return weight.rank() == 2 ? y.rank() - 1 : 1;
}

}  // namespace gradus::layers
