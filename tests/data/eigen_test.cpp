#include "data/eigen.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include "core/ops/elementwise.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "core/random.hpp"

using namespace gradus;
using data::symmetric_eigen;

namespace {

double largest(const Tensor& x) {
  double result = 0;
  for (const double value : x.to_vector<double>()) result = std::max(result, std::abs(value));
  return result;
}

Tensor identity(int64_t n) {
  Tensor result = Tensor::zeros({n, n}, DType::f64);
  for (int64_t i = 0; i < n; ++i) result.mutable_data<double>()[i * n + i] = 1;
  return result;
}

}  // namespace

TEST_CASE("the eigenvalues and eigenvectors of a matrix are NumPy's") {
  const auto [values, vectors] =
      symmetric_eigen(Tensor::from(std::vector<double>{4, 1, 0.5, 1, 3, -2, 0.5, -2, 1}, {3, 3}));
  const std::vector<double> wanted{4.79636166860761, 3.64672325448964, -0.443084923097251};
  const std::vector<double> rows{0.684184734357267,  0.678536596090329,  -0.267356198803442,
                                 0.697629146392388,  -0.502032457144799, 0.511152605468252,
                                 -0.212614259578945, 0.53623828634228,   0.816849849656833};
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(values.to_vector<double>()[i] == doctest::Approx(wanted[i]));
  for (std::size_t i = 0; i < 9; ++i)
    CHECK(vectors.to_vector<double>()[i] == doctest::Approx(rows[i]));
}

TEST_CASE(
    "eigenvectors are orthonormal and diagonalize, also where eigenvalues are zero or equal") {
  Rng rng(3);
  const Tensor thin = randn({7, 40}, rng, DType::f64);
  const Tensor random = randn({50, 50}, rng, DType::f64);
  const Tensor full = random + transpose(random, 0, 1);
  for (const Tensor& a :
       {matmul(thin, thin, {.a = true}), full, identity(12), Tensor::zeros({5, 5}, DType::f64),
        Tensor::full({1, 1}, -3, DType::f64)}) {
    const auto [values, vectors] = symmetric_eigen(a);
    const int64_t n = a.size(0);
    const double tolerance = 1e-13 * static_cast<double>(n) * (1 + largest(a));
    CHECK(largest(matmul(vectors, vectors, {.b = true}) - identity(n)) < tolerance);
    const Tensor scaled = reshape(values, {n, 1}) * vectors;
    CHECK(largest(matmul(vectors, scaled, {.a = true}) - a) < tolerance);
    const auto sorted = values.to_vector<double>();
    CHECK(std::is_sorted(sorted.rbegin(), sorted.rend()));
  }
}

TEST_CASE("eigenvalues of what isn't a square of finite numbers are refused") {
  CHECK_THROWS_WITH_AS(symmetric_eigen(Tensor::zeros({2, 3}, DType::f64)),
                       "[symmetric_eigen] needs a square matrix, got (2, 3)",
                       std::invalid_argument);
  CHECK_THROWS_WITH(
      symmetric_eigen(Tensor::full({2, 2}, std::numeric_limits<double>::infinity(), DType::f64)),
      "[symmetric_eigen] values are finite, got inf");
}
