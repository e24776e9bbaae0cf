// eigh, qr, Cholesky: linear algebra in f64, the same bits on every processor.
#pragma once

#include <optional>

#include "core/tensor.hpp"

/// Decompositions of matrices, by Eigen, which stays behind them: in one thread and a fixed order,
/// so that the same matrix always gives the same bits.
namespace gradus::linalg {

/// A = vectors·diag(values)·vectorsᵀ, as of torch.linalg.eigh.
struct Eigh {
  Tensor values;   ///< f64 (n), the least first
  Tensor vectors;  ///< f64 (n, n): a unit vector in each column, its largest entry positive
};
/// Of a symmetric matrix, f64 (n, n), of which the lower triangle is read. Errors are about
/// ‖A‖·1e-15; 784×784 takes about a second. Throws std::invalid_argument for other shapes and for
/// values that aren't finite.
Eigh eigh(const Tensor& matrix);

/// A = q·r, as of torch.linalg.qr. The diagonal of r isn't negative, so that q is the only one, and
/// for a matrix of normal random numbers one of all equally.
struct Qr {
  Tensor q;  ///< f64 (m, n): orthonormal columns
  Tensor r;  ///< f64 (n, n): 0 below the diagonal
};
/// Of a matrix f64 (m, n), m ≥ n ≥ 1. Throws std::invalid_argument for other shapes.
Qr qr(const Tensor& matrix);

/// The lower triangular L of LLᵀ = A, n × n, column by column.
class Cholesky {
 public:
  /// Of a symmetric matrix, of which the lower triangle is read; nothing where it isn't positive
  /// definite.
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
