// Eigenvalues of symmetric matrices.
#pragma once

#include "core/tensor.hpp"

namespace gradus::data {

/// A = Σ valuesᵢ·vectorsᵢᵀ·vectorsᵢ.
struct Eigen {
  Tensor values;  ///< f64 (n), the largest first
  Tensor
      vectors;  ///< f64 (n, n): row i is the unit vector of values[i], its largest entry positive
};

/// Of a symmetric matrix, f64 (n, n), of which one half is used: Householder's tridiagonal form,
/// then QL steps with implicit shifts (Golub and Van Loan, 8.3). Errors are about ‖A‖·1e-15. In one
/// thread and a fixed order, so that the same matrix always gives the same bits; 784×784 takes
/// some seconds. Throws std::invalid_argument for other shapes and for values that aren't finite.
Eigen symmetric_eigen(const Tensor& matrix);

}  // namespace gradus::data
