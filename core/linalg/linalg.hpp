// eigh, qr, Cholesky: linear algebra in f64, with the same bits on every processor.
#pragma once

#include <optional>

#include "core/tensor.hpp"

/// Matrix decompositions by Eigen (an implementation detail), in one thread and a fixed order: the
/// same matrix always gives the same bits.
namespace gradus::linalg {

/// A = vectors·diag(values)·vectorsᵀ, as in torch.linalg.eigh.
struct Eigh {
  Tensor values;   ///< f64 (n), in ascending order
  Tensor vectors;  ///< f64 (n, n): unit vectors as columns, each with its largest entry positive
};
/// Eigenvalues and eigenvectors of a symmetric matrix, f64 (n, n); only the lower triangle is read.
/// Errors are about ‖A‖·1e-15; 784×784 takes about a second. Throws std::invalid_argument for other
/// shapes and for values that aren't finite.
Eigh eigh(const Tensor& matrix);

/// A = q·r, as in torch.linalg.qr. The diagonal of r isn't negative. So q is unique, and for a
/// matrix of normal random numbers it is uniformly distributed.
struct Qr {
  Tensor q;  ///< f64 (m, n): orthonormal columns
  Tensor r;  ///< f64 (n, n): 0 below the diagonal
};
/// The QR decomposition of a matrix f64 (m, n), m ≥ n ≥ 1. Throws std::invalid_argument for other
/// shapes.
Qr qr(const Tensor& matrix);

/// The lower triangular L with LLᵀ = A, n × n, column by column.
class Cholesky {
 public:
  /// The decomposition of a symmetric matrix; only the lower triangle is read. Nothing if it isn't
  /// positive definite.
  static std::optional<Cholesky> of(std::vector<double> matrix, int n);

  /// A⁻¹·b.
  std::vector<double> solve(std::vector<double> b) const;
  /// L⁻¹·b.
  std::vector<double> solve_lower(std::vector<double> b) const;
  /// A⁻¹, both triangles.
  std::vector<double> inverse() const;
  /// log det A.
  double log_determinant() const;

 private:
  Cholesky(std::vector<double> factor, int n) : factor_(std::move(factor)), n_(n) {}

  std::vector<double> factor_;
  int n_;
};

}  // namespace gradus::linalg
