#include "core/kernels/reduce.hpp"

#include "core/kernels/simd/kernel.hpp"
#include "core/kernels/simd/lanes.hpp"
#include "core/parallel.hpp"

namespace gradus::kernels {
namespace {

// Long sums are divided into blocks: this limits rounding errors, and threads share the blocks.
constexpr int64_t block = 1 << 13;
constexpr int64_t grain = 1 << 15;

/// Σ x[i]; n elements, in 16 interleaved sums, which restart after 1024 elements to keep digits
template <class T>
GRADUS_KERNEL double sum_range(int64_t n, const T* x) {
  constexpr int64_t part = 1 << 10;
  double sum = 0;
  for (int64_t i = 0; i < n; i += part) sum += sum_of(std::min(part, n - i), x + i);
  return sum;
}

/// y[i] = Σⱼ x[j, i]; x (rows, columns)
template <class T>
GRADUS_KERNEL void sum_few_rows(int64_t rows, int64_t columns, const T* x, T* y) {
  std::fill_n(y, columns, T{0});
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t i = 0; i < columns; ++i) y[i] += x[row * columns + i];
}

// The same of many rows: the sums of 64 at a time, then those sums.
template <class T>
void sum_rows(int64_t rows, int64_t columns, const T* x, T* y) {
  constexpr int64_t few = 64;
  if (rows <= few) return sum_few_rows(rows, columns, x, y);
  const int64_t parts = chunk_count(rows, few);
  std::vector<T> sums(static_cast<std::size_t>(parts * columns));
  for (int64_t part = 0; part < parts; ++part)
    sum_few_rows(std::min(few, rows - part * few), columns, x + part * few * columns,
                 &sums[part * columns]);
  sum_rows(parts, columns, sums.data(), y);
}

template <class T>
T sum_all(int64_t n, const T* x) {
  return static_cast<T>(parallel_sum<double>(
      n, block, [&](int64_t begin, int64_t end) { return sum_range(end - begin, x + begin); }));
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
                     y[o] = static_cast<T>(sum_range(n, x + o * n));
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
void argmax(int64_t outer, int64_t n, int64_t inner, const T* x, int64_t* at) {
  parallel_for(outer, std::max<int64_t>(1, grain / std::max<int64_t>(1, n * inner)),
               [&](int64_t begin, int64_t end) {
                 for (int64_t o = begin; o < end; ++o) {
                   const T* from = x + o * n * inner;
                   int64_t* best = at + o * inner;
                   std::fill_n(best, inner, 0);
                   for (int64_t j = 1; j < n; ++j)
                     for (int64_t i = 0; i < inner; ++i) {
                       const T v = from[j * inner + i], u = from[best[i] * inner + i];
                       if (v > u || (v != v && u == u)) best[i] = j;
                     }
                 }
               });
}

template <class T>
void cumsum(int64_t outer, int64_t n, int64_t inner, bool backward, const T* x, T* y) {
  if (n == 0) return;
  parallel_for(outer, std::max<int64_t>(1, grain / std::max<int64_t>(1, n * inner)),
               [&](int64_t begin, int64_t end) {
                 // Of f32 the sums are rounded, but not added up, in f32.
                 std::vector<double> sums(static_cast<std::size_t>(inner));
                 for (int64_t o = begin; o < end; ++o) {
                   std::fill(sums.begin(), sums.end(), 0);
                   const int64_t step = backward ? -inner : inner;
                   const int64_t first = o * n * inner + (backward ? (n - 1) * inner : 0);
                   for (int64_t j = 0; j < n; ++j)
                     for (int64_t i = 0, at = first + j * step; i < inner; ++i)
                       y[at + i] = static_cast<T>(sums[i] += x[at + i]);
                 }
               });
}

#define GRADUS_INSTANTIATE(T)                                          \
  template void sum(int64_t, int64_t, int64_t, const T*, T*);          \
  template void argmax(int64_t, int64_t, int64_t, const T*, int64_t*); \
  template void cumsum(int64_t, int64_t, int64_t, bool, const T*, T*);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)
#undef GRADUS_INSTANTIATE

}  // namespace gradus::kernels
