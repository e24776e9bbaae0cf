#include "core/linalg/linalg.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <algorithm>
#include <cmath>

#include "core/math.hpp"

namespace gradus::linalg {
namespace {

Eigen::Map<Eigen::MatrixXd> matrix_of(std::vector<double>& values, int n) {
  return {values.data(), n, static_cast<Eigen::Index>(values.size()) / n};
}

Eigen::Map<const Eigen::MatrixXd> matrix_of(const std::vector<double>& values, int n) {
  return {values.data(), n, static_cast<Eigen::Index>(values.size()) / n};
}

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Map<const RowMajor> matrix_of(const Tensor& x) {
  return {x.data<double>(), x.size(0), x.size(1)};
}

Tensor tensor_of(const RowMajor& matrix) {
  Tensor x = Tensor::empty({matrix.rows(), matrix.cols()}, DType::f64);
  std::copy_n(matrix.data(), matrix.size(), x.mutable_data<double>());
  return x;
}

}  // namespace

Eigh eigh(const Tensor& matrix) {
  require(matrix.rank() == 2 && matrix.size(0) == matrix.size(1) && matrix.numel() > 0, "eigh",
          "the matrix must be square, got {}", matrix.shape());
  const auto values = matrix_of(matrix);
  for (const double value : values.reshaped())
    require(std::isfinite(value), "eigh", "values must be finite, got {}", value);
  const Eigen::SelfAdjointEigenSolver<RowMajor> solver(values);
  require(solver.info() == Eigen::Success, "eigh", "the iteration didn't converge for {}",
          matrix.shape());
  RowMajor vectors = solver.eigenvectors();
  for (auto&& vector : vectors.colwise()) {
    Eigen::Index largest;
    vector.cwiseAbs().maxCoeff(&largest);
    if (vector[largest] < 0) vector = -vector;
  }
  const auto& sorted = solver.eigenvalues();
  return {Tensor::from(std::span(sorted.data(), static_cast<std::size_t>(sorted.size())),
                       {sorted.size()}),
          tensor_of(vectors)};
}

Qr qr(const Tensor& matrix) {
  require(matrix.rank() == 2 && matrix.size(0) >= matrix.size(1) && matrix.numel() > 0, "qr",
          "the matrix must be (m, n) with m ≥ n ≥ 1, got {}", matrix.shape());
  const Eigen::HouseholderQR<RowMajor> factors(matrix_of(matrix));
  const Eigen::Index n = matrix.size(1);
  RowMajor q = factors.householderQ() * RowMajor::Identity(matrix.size(0), n);
  RowMajor r = factors.matrixQR().topRows(n).triangularView<Eigen::Upper>();
  for (Eigen::Index i = 0; i < n; ++i)
    if (r(i, i) < 0) {
      r.row(i) = -r.row(i);
      q.col(i) = -q.col(i);
    }
  return {tensor_of(q), tensor_of(r)};
}

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
    sum += 2 * math::log(factor_[i]);
  return sum;
}

}  // namespace gradus::linalg
