// singular_values: by what a matrix stretches.
#pragma once

#include <limits>

#include "core/autograd.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/linear.hpp"
#include "data/eigen.hpp"

namespace gradus::lab {

/// The singular values of a matrix (m, n), m ≤ n: f64 (m), the largest first. They are roots of
/// eigenvalues of the matrix times its transpose, so that those below 1e-7 of the largest are
/// rounding.
inline Tensor singular_values(const Tensor& matrix) {
  const NoGrad no_grad;
  const Tensor rows = cast(matrix, DType::f64);
  const Tensor squares = data::symmetric_eigen(matmul(rows, rows, {.b = true})).values;
  return sqrt(clamp(squares, 0, std::numeric_limits<double>::max()));
}

}  // namespace gradus::lab
