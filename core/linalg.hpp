// Linear algebra in f64, by Eigen, which stays behind it: the same bits on every processor.
#pragma once

#include <optional>
#include <vector>

namespace gradus::linalg {

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
