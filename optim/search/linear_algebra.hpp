// Symmetric positive definite systems, by LAPACK. For sources here, no part of the interface.
#pragma once

#include <optional>
#include <vector>

namespace gradus::optim::detail {

/// The lower triangular L of LLᵀ = A, n × n and column-major as in LAPACK.
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

}  // namespace gradus::optim::detail
