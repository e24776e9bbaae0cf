#include "core/linalg.hpp"

#include <Eigen/Cholesky>
#include <cmath>

namespace gradus::linalg {
namespace {

Eigen::Map<Eigen::MatrixXd> matrix_of(std::vector<double>& values, int n) {
  return {values.data(), n, static_cast<Eigen::Index>(values.size()) / n};
}

Eigen::Map<const Eigen::MatrixXd> matrix_of(const std::vector<double>& values, int n) {
  return {values.data(), n, static_cast<Eigen::Index>(values.size()) / n};
}

}  // namespace

std::optional<Cholesky> Cholesky::of(std::vector<double> matrix, int n) {
  auto values = matrix_of(matrix, n);
  const Eigen::LLT<Eigen::MatrixXd> factors(values);
  if (factors.info() != Eigen::Success) return std::nullopt;
  values = factors.matrixL();
  return Cholesky(std::move(matrix), n);
}

std::vector<double> Cholesky::solve(std::vector<double> b) const {
  const auto lower = matrix_of(factor_, n_).triangularView<Eigen::Lower>();
  auto x = matrix_of(b, n_);
  lower.solveInPlace(x);
  lower.transpose().solveInPlace(x);
  return b;
}

std::vector<double> Cholesky::solve_lower(std::vector<double> b) const {
  auto x = matrix_of(b, n_);
  matrix_of(factor_, n_).triangularView<Eigen::Lower>().solveInPlace(x);
  return b;
}

std::vector<double> Cholesky::inverse() const {
  std::vector<double> identity(factor_.size());
  for (std::size_t i = 0; i < identity.size(); i += static_cast<std::size_t>(n_) + 1)
    identity[i] = 1;
  return solve(std::move(identity));
}

double Cholesky::log_determinant() const {
  double sum = 0;
  for (std::size_t i = 0; i < factor_.size(); i += static_cast<std::size_t>(n_) + 1)
    sum += 2 * std::log(factor_[i]);
  return sum;
}

}  // namespace gradus::linalg
