// matmul, linear: matrix products. Errors: std::invalid_argument.
#pragma once

#include "core/tensor.hpp"

namespace gradus {

/// Which operands of a product are read transposed (their last two dimensions swapped), without
/// copying them.
struct Transpose {
  bool a = false;  ///< the left operand
  bool b = false;  ///< the right operand
};

/// The matrix product as in PyTorch: (…, m, k)·(…, k, n) → (…, m, n), the leading dimensions
/// broadcast. A vector on the left is a row, on the right a column; the result lacks its dimension.
/// Throws if the inner extents differ.
Tensor matmul(const Tensor& a, const Tensor& b, Transpose transpose = {});

/// x·weightᵀ + bias: x (…, in), weight (out, in), bias (out) or undefined → (…, out).
Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias = Tensor());

}  // namespace gradus
