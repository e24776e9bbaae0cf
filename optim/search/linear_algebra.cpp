#include "optim/search/linear_algebra.hpp"

#include <cmath>

extern "C" {
void dpotrf_(const char* triangle, const int* n, double* a, const int* stride, int* info);
void dpotrs_(const char* triangle, const int* n, const int* columns, const double* a,
             const int* stride, double* b, const int* b_stride, int* info);
void dtrtrs_(const char* triangle, const char* transpose, const char* diagonal, const int* n,
             const int* columns, const double* a, const int* stride, double* b, const int* b_stride,
             int* info);
void dpotri_(const char* triangle, const int* n, double* a, const int* stride, int* info);
// Of OpenBLAS alone: the address is null with another library.
__attribute__((weak)) void openblas_set_num_threads(int threads);
}

namespace gradus::optim::detail {
namespace {

constexpr char lower = 'L';
constexpr int one = 1;

// How a product is divided among threads would show in its last bits.
void use_one_thread() {
  if (openblas_set_num_threads) openblas_set_num_threads(1);
}

}  // namespace

std::optional<Cholesky> Cholesky::of(std::vector<double> matrix, int n) {
  use_one_thread();
  int info = 0;
  dpotrf_(&lower, &n, matrix.data(), &n, &info);
  if (info != 0) return std::nullopt;
  return Cholesky(std::move(matrix), n);
}

std::vector<double> Cholesky::solve(std::vector<double> b) const {
  int info = 0;
  dpotrs_(&lower, &n_, &one, factor_.data(), &n_, b.data(), &n_, &info);
  return b;
}

std::vector<double> Cholesky::solve_lower(std::vector<double> b) const {
  int info = 0;
  dtrtrs_(&lower, "N", "N", &n_, &one, factor_.data(), &n_, b.data(), &n_, &info);
  return b;
}

std::vector<double> Cholesky::inverse() const {
  std::vector<double> result = factor_;
  int info = 0;
  dpotri_(&lower, &n_, result.data(), &n_, &info);
  const auto n = static_cast<std::size_t>(n_);
  for (std::size_t column = 0; column < n; ++column)
    for (std::size_t row = column + 1; row < n; ++row)
      result[row * n + column] = result[column * n + row];
  return result;
}

double Cholesky::log_determinant() const {
  double sum = 0;
  for (std::size_t i = 0; i < factor_.size(); i += static_cast<std::size_t>(n_) + 1)
    sum += 2 * std::log(factor_[i]);
  return sum;
}

}  // namespace gradus::optim::detail
