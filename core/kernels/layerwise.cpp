// layerwise: LAMB, Adafactor and other updates that need norms of whole tensors.
#include <cmath>

#include "core/kernels/simd/lanes.hpp"
#include "core/kernels/simd/vectorized.hpp"
#include "core/kernels/updates.hpp"
#include "core/parallel.hpp"

namespace gradus::kernels {
namespace {

constexpr int64_t grain = 1 << 14;
// Number of directions that are squared while they are in the cache.
constexpr int64_t block = 1 << 10;

// Σ x²; x[n]
template <class T>
double squares_range(int64_t n, const T* x) {
  const std::array<T, lanes> last = tail(n, x, T{0});
  Lanes<double> sum;
  for (int64_t i = 0; i < n; i += lanes) {
    const Lanes<double> v = Lanes<double>::load(i + lanes <= n ? x + i : last.data());
    sum = fma(v, v, sum);
  }
  return sum.sum();
}

// g, m, v[n]
template <class T>
void moments_range(int64_t n, const LambUpdate& u, const T* __restrict g, T* __restrict m,
                   T* __restrict v) {
  const T beta1 = static_cast<T>(u.beta1), beta2 = static_cast<T>(u.beta2),
          rest1 = static_cast<T>(1 - u.beta1), rest2 = static_cast<T>(1 - u.beta2);
  for (int64_t i = 0; i < n; ++i) {
    m[i] = fma(beta1, m[i], rest1 * g[i]);
    v[i] = fma(rest2 * g[i], g[i], beta2 * v[i]);
  }
}

// y ← add·p + scale·r; p, m, v, y[n], y may be p
template <class T>
void direction_range(int64_t n, const LambUpdate& u, T add, T scale, const T* p,
                     const T* __restrict m, const T* __restrict v, T* y) {
  const T mean_scale = static_cast<T>(u.mean_scale), root_scale = static_cast<T>(u.root_scale),
          eps = static_cast<T>(u.eps), decay = static_cast<T>(u.weight_decay);
#if !defined(__clang__)  // clang doesn't know it
#pragma GCC ivdep
#endif
  for (int64_t i = 0; i < n; ++i) {
    const T r = fma(decay, p[i], mean_scale * m[i] / fma(std::sqrt(v[i]), root_scale, eps));
    y[i] = fma(scale, r, add * p[i]);
  }
}

// u[i] for i in begin … end
template <class T>
void factored_range(int64_t begin, int64_t end, const FactoredSquares& squares,
                    const T* __restrict g, const T* __restrict row, const T* __restrict column,
                    T* __restrict u) {
  const T least = static_cast<T>(squares.least);
  for (int64_t i = begin; i < end;) {
    const int64_t r = i / squares.columns, from = i % squares.columns,
                  stop = std::min(end, i + squares.columns - from);
    const T factor = row[r];
    const T* const factors = column + r / squares.rows * squares.columns + from;
    for (int64_t j = i; j < stop; ++j) {
      const T square = factor * factors[j - i];
      u[j] = g[j] / std::sqrt(square < least ? least : square);
    }
    i = stop;
  }
}

}  // namespace

template <class T>
double sum_of_squares(int64_t n, const T* x) {
  return parallel_sum<double>(n, grain, [&](int64_t begin, int64_t end) {
    return vectorized<squares_range<T>>(end - begin, x + begin);
  });
}

template <class T>
double lamb_moments(int64_t n, const LambUpdate& u, const T* g, const T* p, T* m, T* v) {
  return parallel_sum<double>(n, grain, [&](int64_t begin, int64_t end) {
    double sum = 0;
    for (int64_t i = begin; i < end; i += block) {
      const int64_t size = std::min(block, end - i);
      T direction[block];
      vectorized<moments_range<T>>(size, u, g + i, m + i, v + i);
      vectorized<direction_range<T>>(size, u, T{0}, T{1}, p + i, m + i, v + i, direction);
      sum += vectorized<squares_range<T>>(size, direction);
    }
    return sum;
  });
}

template <class T>
void lamb_step(int64_t n, const LambUpdate& u, double lr, T* p, const T* m, const T* v) {
  parallel_for(n, grain, [&](int64_t begin, int64_t end) {
    vectorized<direction_range<T>>(end - begin, u, T{1}, static_cast<T>(-lr), p + begin, m + begin,
                                   v + begin, p + begin);
  });
}

template <class T>
double factored_direction(const FactoredSquares& squares, int64_t n, const T* g, const T* row,
                          const T* column, T* u) {
  return parallel_sum<double>(n, grain, [&](int64_t begin, int64_t end) {
    vectorized<factored_range<T>>(begin, end, squares, g, row, column, u);
    return vectorized<squares_range<T>>(end - begin, u + begin);
  });
}

#define GRADUS_INSTANTIATE(T)                                                             \
  template double sum_of_squares(int64_t, const T*);                                      \
  template double lamb_moments(int64_t, const LambUpdate&, const T*, const T*, T*, T*);   \
  template void lamb_step(int64_t, const LambUpdate&, double, T*, const T*, const T*);    \
  template double factored_direction(const FactoredSquares&, int64_t, const T*, const T*, \
                                     const T*, T*);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)
#undef GRADUS_INSTANTIATE

}  // namespace gradus::kernels
