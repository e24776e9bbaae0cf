#include "core/linalg/linalg.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include "core/ops/elementwise.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "core/random.hpp"

using namespace gradus;
using linalg::eigh;

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
      eigh(Tensor::from(std::vector<double>{4, 1, 0.5, 1, 3, -2, 0.5, -2, 1}, {3, 3}));
  const std::vector<double> wanted{-0.443084923097251, 3.64672325448964, 4.79636166860761};
  const std::vector<double> columns{-0.212614259578945, 0.697629146392388,  0.684184734357267,
                                    0.53623828634228,   -0.502032457144799, 0.678536596090329,
                                    0.816849856649833,  0.511152605468252,  -0.267356198803442};
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(values.to_vector<double>()[i] == doctest::Approx(wanted[i]));
  for (std::size_t i = 0; i < 9; ++i)
    CHECK(vectors.to_vector<double>()[i] == doctest::Approx(columns[i]));
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
    const auto [values, vectors] = eigh(a);
    const int64_t n = a.size(0);
    const double tolerance = 1e-13 * static_cast<double>(n) * (1 + largest(a));
    CHECK(largest(matmul(vectors, vectors, {.a = true}) - identity(n)) < tolerance);
    CHECK(largest(matmul(vectors * values, vectors, {.b = true}) - a) < tolerance);
    const auto sorted = values.to_vector<double>();
    CHECK(std::is_sorted(sorted.begin(), sorted.end()));
  }
}

TEST_CASE("eigenvalues need a square matrix of finite numbers") {
  CHECK_THROWS_WITH_AS(eigh(Tensor::zeros({2, 3}, DType::f64)),
                       "[eigh] the matrix must be square, got (2, 3)", std::invalid_argument);
  CHECK_THROWS_WITH(eigh(Tensor::full({2, 2}, std::numeric_limits<double>::infinity(), DType::f64)),
                    "[eigh] values must be finite, got inf");
}

TEST_CASE("q is orthonormal, r triangular with a diagonal that isn't negative, and both make A") {
  Rng rng(4);
  for (const Shape& shape : {Shape{9, 4}, {30, 30}, {1, 1}, {5, 1}}) {
    const Tensor a = randn(shape, rng, DType::f64);
    const auto [q, r] = linalg::qr(a);
    CHECK(largest(matmul(q, q, {.a = true}) - identity(shape[1])) < 1e-13);
    CHECK(largest(matmul(q, r) - a) < 1e-13 * (1 + largest(a)));
    for (int64_t i = 0; i < shape[1]; ++i)
      for (int64_t j = 0; j <= i; ++j) {
        const double value = r.to_vector<double>()[static_cast<std::size_t>(i * shape[1] + j)];
        CHECK((i == j ? value >= 0 : value == 0));
      }
  }
  // Columns that depend on each other leave zeros in r, and q orthonormal.
  const auto [q, r] = linalg::qr(Tensor::ones({4, 2}, DType::f64));
  CHECK(largest(matmul(q, q, {.a = true}) - identity(2)) < 1e-13);
  CHECK_THROWS_WITH(linalg::qr(Tensor::zeros({2, 3}, DType::f64)),
                    "[qr] the matrix must be (m, n) with m ≥ n ≥ 1, got (2, 3)");
}
