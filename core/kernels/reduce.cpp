#include "core/kernels/reduce.hpp"

#include <functional>

#include "core/kernels/simd/lanes.hpp"
#include "core/kernels/simd/vectorized.hpp"
#include "core/parallel.hpp"

namespace gradus::kernels {
namespace {

// Long sums are divided into blocks, which threads share.
constexpr int64_t block = 1 << 13;
constexpr int64_t grain = 1 << 15;

/// Σ x[i]; n elements, in 16 interleaved sums of double precision
template <class T>
double sum_range(int64_t n, const T* x) {
  const std::array<T, lanes> last = tail(n, x, T{0});
  Lanes<double> sums;
  for (int64_t i = 0; i < n; i += lanes)
    sums += Lanes<double>::load(i + lanes <= n ? x + i : last.data());
  return sums.sum();
}

// Columns whose sums stay in the first-level cache.
constexpr int64_t columns_at_once = 512;

/// y[i] = Σⱼ x[j, i] in double precision; x (rows, columns) with a distance of `stride` between
/// rows, at most columns_at_once columns
template <class T>
void sum_block(int64_t rows, int64_t columns, int64_t stride, const T* x, T* y) {
  double sums[columns_at_once] = {};
  int64_t row = 0;
  // Sums are read and written once for four rows.
  for (; row + 4 <= rows; row += 4) {
    const T *a = x + row * stride, *b = a + stride, *c = b + stride, *d = c + stride;
    for (int64_t i = 0; i < columns; ++i)
      sums[i] += (static_cast<double>(a[i]) + static_cast<double>(b[i])) +
                 (static_cast<double>(c[i]) + static_cast<double>(d[i]));
  }
  for (; row < rows; ++row)
    for (int64_t i = 0; i < columns; ++i) sums[i] += static_cast<double>(x[row * stride + i]);
  for (int64_t i = 0; i < columns; ++i) y[i] = static_cast<T>(sums[i]);
}

// The same of all columns.
template <class T>
void sum_rows(int64_t rows, int64_t columns, const T* x, T* y) {
  if (rows == 0) {  // x may be null
    std::fill_n(y, columns, T{0});
    return;
  }
  for (int64_t first = 0; first < columns; first += columns_at_once)
    vectorized<sum_block<T>>(rows, std::min(columns_at_once, columns - first), columns, x + first,
                             y + first);
}

template <class T>
T sum_all(int64_t n, const T* x) {
  return static_cast<T>(parallel_sum<double>(n, block, [&](int64_t begin, int64_t end) {
    return vectorized<sum_range<T>>(end - begin, x + begin);
  }));
}

// For few columns and many rows: sums blocks of rows first, then the blocks' sums.
template <class T>
void sum_columns(int64_t n, int64_t inner, const T* x, T* y) {
  const int64_t rows = std::max<int64_t>(64, grain / inner);
  const int64_t blocks = chunk_count(n, rows);
  if (blocks == 1) return sum_rows(n, inner, x, y);
  std::vector<T> partial(static_cast<std::size_t>(blocks * inner));
  parallel_for(n, rows, [&](int64_t begin, int64_t end) {
    sum_rows(end - begin, inner, x + begin * inner, &partial[begin / rows * inner]);
  });
  sum_rows(blocks, inner, partial.data(), y);
}

template <class T>
bool is_nan(T v) {
  if constexpr (std::is_floating_point_v<T>) return v != v;
  return false;
}

}  // namespace

template <class T>
void sum(int64_t outer, int64_t n, int64_t inner, const T* x, T* y) {
  if (outer == 0 || inner == 0) return;
  if (inner == 1) {
    if (outer == 1) {
      *y = n == 0 ? T{0} : sum_all(n, x);
      return;
    }
    parallel_for(outer, std::max<int64_t>(1, grain / std::max<int64_t>(1, n)),
                 [&](int64_t begin, int64_t end) {
                   for (int64_t o = begin; o < end; ++o)
                     y[o] = static_cast<T>(vectorized<sum_range<T>>(n, x + o * n));
                 });
    return;
  }
  if (outer == 1) return sum_columns(n, inner, x, y);
  parallel_for(outer, std::max<int64_t>(1, grain / std::max<int64_t>(1, n * inner)),
               [&](int64_t begin, int64_t end) {
                 for (int64_t o = begin; o < end; ++o)
                   sum_rows(n, inner, x + o * n * inner, y + o * inner);
               });
}

template <class T>
void arg_extreme(int64_t outer, int64_t n, int64_t inner, bool smallest, const T* x, int64_t* at) {
  const auto search = [=](int64_t begin, int64_t end, auto precedes) {
    for (int64_t o = begin; o < end; ++o) {
      const T* from = x + o * n * inner;
      int64_t* best = at + o * inner;
      std::fill_n(best, inner, 0);
      for (int64_t j = 1; j < n; ++j)
        for (int64_t i = 0; i < inner; ++i) {
          const T v = from[j * inner + i], u = from[best[i] * inner + i];
          if (precedes(v, u) || (is_nan(v) && !is_nan(u))) best[i] = j;
        }
    }
  };
  parallel_for(outer, std::max<int64_t>(1, grain / std::max<int64_t>(1, n * inner)),
               [&](int64_t begin, int64_t end) {
                 if (smallest)
                   search(begin, end, std::less<T>());
                 else
                   search(begin, end, std::greater<T>());
               });
}

template <class T>
void cumsum(int64_t outer, int64_t n, int64_t inner, bool backward, const T* x, T* y) {
  using Sum = std::conditional_t<std::is_integral_v<T>, uint64_t, double>;
  if (n == 0) return;
  parallel_for(outer, std::max<int64_t>(1, grain / std::max<int64_t>(1, n * inner)),
               [&](int64_t begin, int64_t end) {
                 // Of f32 the sums are rounded, but not added up, in f32.
                 std::vector<Sum> sums(static_cast<std::size_t>(inner));
                 for (int64_t o = begin; o < end; ++o) {
                   std::fill(sums.begin(), sums.end(), 0);
                   const int64_t step = backward ? -inner : inner;
                   const int64_t first = o * n * inner + (backward ? (n - 1) * inner : 0);
                   for (int64_t j = 0; j < n; ++j)
                     for (int64_t i = 0, at = first + j * step; i < inner; ++i)
                       y[at + i] = static_cast<T>(sums[i] += static_cast<Sum>(x[at + i]));
                 }
               });
}

template <>
void sum(int64_t outer, int64_t n, int64_t inner, const int64_t* x, int64_t* y) {
  for (int64_t o = 0; o < outer; ++o)
    for (int64_t i = 0; i < inner; ++i) {
      uint64_t total = 0;
      for (int64_t j = 0; j < n; ++j) total += static_cast<uint64_t>(x[(o * n + j) * inner + i]);
      y[o * inner + i] = static_cast<int64_t>(total);
    }
}

template <class T>
void recurrence(int64_t outer, int64_t n, int64_t inner, bool backward, double start, const T* a,
                const T* c, T* y) {
  parallel_for(outer, std::max<int64_t>(1, grain / std::max<int64_t>(1, n * inner)),
               [&](int64_t begin, int64_t end) {
                 std::vector<double> values(static_cast<std::size_t>(inner));
                 for (int64_t o = begin; o < end; ++o) {
                   std::fill(values.begin(), values.end(), start);
                   for (int64_t j = 0; j < n; ++j) {
                     const int64_t at = (o * n + (backward ? n - 1 - j : j)) * inner;
                     for (int64_t i = 0; i < inner; ++i) {
                       values[i] = static_cast<double>(a[at + i]) +
                                   static_cast<double>(c[at + i]) * values[i];
                       y[at + i] = static_cast<T>(values[i]);
                     }
                   }
                 }
               });
}

#define GRADUS_INSTANTIATE(T)                                                     \
  template void sum(int64_t, int64_t, int64_t, const T*, T*);                     \
  template void arg_extreme(int64_t, int64_t, int64_t, bool, const T*, int64_t*); \
  template void cumsum(int64_t, int64_t, int64_t, bool, const T*, T*);            \
  template void recurrence(int64_t, int64_t, int64_t, bool, double, const T*, const T*, T*);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)
template void arg_extreme(int64_t, int64_t, int64_t, bool, const int64_t*, int64_t*);
template void cumsum(int64_t, int64_t, int64_t, bool, const int64_t*, int64_t*);
#undef GRADUS_INSTANTIATE

}  // namespace gradus::kernels
