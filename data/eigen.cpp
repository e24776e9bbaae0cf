#include "data/eigen.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace gradus::data {
namespace {

using Vector = std::vector<double>;

// sum += factor·x, rows of n values.
void add_row(double* sum, double factor, const double* x, int64_t n) {
  for (int64_t i = 0; i < n; ++i) sum[i] += factor * x[i];
}

double dot(const double* a, const double* b, int64_t n) {
  return std::inner_product(a, a + n, b, 0.0);
}

struct Tridiagonal {
  Vector diagonal, beside;  // beside[i] couples i and i + 1
};

// a (n, n) symmetric → QᵀAQ. Leaves in row k of `a`, from k + 1 on, the Householder vector v of
// step k, scaled so that the step is I − v·vᵀ.
Tridiagonal tridiagonalize(double* a, int64_t n) {
  Tridiagonal result{Vector(n), Vector(n)};
  Vector w(n);
  for (int64_t k = 0; k + 1 < n; ++k) {
    double* v = a + k * n;
    double& first = v[k + 1];
    const int64_t rest = n - k - 1;
    const double norm = std::sqrt(dot(&first, &first, rest));
    result.diagonal[k] = v[k];
    result.beside[k] = first > 0 ? -norm : norm;
    const double scale = norm * (norm + std::abs(first));
    if (scale == 0) continue;
    first -= result.beside[k];
    for (int64_t i = k + 1; i < n; ++i) v[i] /= std::sqrt(scale);
    std::fill(w.begin(), w.end(), 0.0);
    for (int64_t i = k + 1; i < n; ++i) add_row(&w[k + 1], v[i], a + i * n + k + 1, rest);
    add_row(&w[k + 1], -dot(&w[k + 1], v + k + 1, rest) / 2, v + k + 1, rest);
    for (int64_t i = k + 1; i < n; ++i) {
      add_row(a + i * n + k + 1, -v[i], &w[k + 1], rest);
      add_row(a + i * n + k + 1, -w[i], v + k + 1, rest);
    }
  }
  result.diagonal[n - 1] = a[n * n - 1];
  return result;
}

// Qᵀ (n, n) from the vectors that tridiagonalize left.
Vector accumulate(const double* a, int64_t n) {
  Vector q(static_cast<std::size_t>(n * n)), product(n);
  for (int64_t i = 0; i < n; ++i) q[i * n + i] = 1;
  for (int64_t k = n - 2; k >= 0; --k) {
    const double* v = a + k * n;
    std::fill(product.begin(), product.end(), 0.0);
    for (int64_t i = k + 1; i < n; ++i) add_row(product.data(), v[i], &q[i * n], n);
    for (int64_t i = k + 1; i < n; ++i) add_row(&q[i * n], -v[i], product.data(), n);
  }
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < i; ++j) std::swap(q[i * n + j], q[j * n + i]);
  return q;
}

// One QL step with Wilkinson's shift on the rows begin … end of the tridiagonal matrix, whose
// rotations turn the rows of z (n, n) too.
void ql_step(Tridiagonal& t, double* z, int64_t n, int64_t begin, int64_t end) {
  auto& [d, e] = t;
  const double half = (d[begin + 1] - d[begin]) / (2 * e[begin]);
  double g = d[end] - d[begin] + e[begin] / (half + std::copysign(std::hypot(half, 1), half));
  double s = 1, c = 1, moved = 0;
  for (int64_t i = end - 1; i >= begin; --i) {
    const double f = s * e[i], b = c * e[i], r = std::hypot(f, g);
    e[i + 1] = r;
    s = r == 0 ? 0 : f / r;
    c = r == 0 ? 1 : g / r;
    g = d[i + 1] - moved;
    const double turned = (d[i] - g) * s + 2 * c * b;
    moved = s * turned;
    d[i + 1] = g + moved;
    g = c * turned - b;
    double *lower = z + i * n, *upper = lower + n;
    for (int64_t j = 0; j < n; ++j) {
      const double x = upper[j];
      upper[j] = s * lower[j] + c * x;
      lower[j] = c * lower[j] - s * x;
    }
  }
  d[begin] -= moved;
  e[begin] = g;
  e[end] = 0;
}

void diagonalize(Tridiagonal& t, double* z, int64_t n) {
  double size = 0;
  for (int64_t i = 0; i < n; ++i)
    size = std::max({size, std::abs(t.diagonal[i]), std::abs(t.beside[i])});
  const double negligible = std::numeric_limits<double>::epsilon() * size;
  for (int64_t begin = 0; begin < n; ++begin)
    for (;;) {
      int64_t end = begin;
      while (end + 1 < n && std::abs(t.beside[end]) > negligible) ++end;
      if (end == begin) break;
      ql_step(t, z, n, begin, end);
    }
}

}  // namespace

Eigen symmetric_eigen(const Tensor& matrix) {
  require(matrix.rank() == 2 && matrix.size(0) == matrix.size(1) && matrix.numel() > 0,
          "symmetric_eigen", "needs a square matrix, got {}", matrix.shape());
  Vector a = matrix.to_vector<double>();
  for (const double value : a)
    require(std::isfinite(value), "symmetric_eigen", "values are finite, got {}", value);
  const int64_t n = matrix.size(0);
  Tridiagonal t = tridiagonalize(a.data(), n);
  Vector z = accumulate(a.data(), n);
  diagonalize(t, z.data(), n);

  std::vector<int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int64_t i, int64_t j) { return t.diagonal[i] > t.diagonal[j]; });
  Eigen result{Tensor::empty({n}, DType::f64), Tensor::empty({n, n}, DType::f64)};
  double *values = result.values.mutable_data<double>(),
         *to = result.vectors.mutable_data<double>();
  for (const int64_t i : order) {
    *values++ = t.diagonal[i];
    const double* row = &z[i * n];
    const double largest = *std::max_element(
        row, row + n, [](double x, double y) { return std::abs(x) < std::abs(y); });
    to = std::transform(row, row + n, to, [&](double x) { return largest < 0 ? -x : x; });
  }
  return result;
}

}  // namespace gradus::data
