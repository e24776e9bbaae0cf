#include "core/kernels/gemm/transpose.hpp"

#include "core/kernels/gemm/tile.hpp"
#include "core/kernels/simd/lanes.hpp"
#include "core/kernels/simd/vectorized.hpp"

namespace gradus::kernels {
namespace {

using Eight = LaneGroup<float, 8>;

/// row_at(j)[i] = from[i, j]; both (8, 8)
template <class Rows>
[[gnu::always_inline]] inline void transpose_eight(const float* from, int64_t from_stride,
                                                   const Rows& row_at) {
  Eight rows[8], pairs[8], fours[8];
#pragma GCC unroll 8
  for (int j = 0; j < 8; ++j) std::memcpy(&rows[j], from + j * from_stride, sizeof(Eight));
    // Columns 0, 1, 4, 5 of rows j and j + 1, then columns 2, 3, 6, 7.
#pragma GCC unroll 4
  for (int j = 0; j < 8; j += 2) {
    pairs[j] = __builtin_shufflevector(rows[j], rows[j + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    pairs[j + 1] = __builtin_shufflevector(rows[j], rows[j + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
  // Columns 0 and 4, 1 and 5, 2 and 6, 3 and 7 of rows j … j + 3.
#pragma GCC unroll 4
  for (int j : {0, 1, 4, 5}) {
    const int column = j + j % 2;
    const Eight &above = pairs[j], &below = pairs[j + 2];
    fours[column] = __builtin_shufflevector(above, below, 0, 1, 8, 9, 4, 5, 12, 13);
    fours[column + 1] = __builtin_shufflevector(above, below, 2, 3, 10, 11, 6, 7, 14, 15);
  }
#pragma GCC unroll 4
  for (int p = 0; p < 4; ++p) {
    const Eight &above = fours[p], &below = fours[p + 4];
    const Eight first = __builtin_shufflevector(above, below, 0, 1, 2, 3, 8, 9, 10, 11),
                second = __builtin_shufflevector(above, below, 4, 5, 6, 7, 12, 13, 14, 15);
    std::memcpy(row_at(p), &first, sizeof(Eight));
    std::memcpy(row_at(p + 4), &second, sizeof(Eight));
  }
}

template <class T, class Rows>
[[gnu::always_inline]] inline void transpose_blocks(int64_t rows, int64_t columns, const T* from,
                                                    int64_t from_stride, const Rows& row_at) {
  int64_t i = 0;
  if constexpr (std::is_same_v<T, float>)
    for (; i + 8 <= rows; i += 8) {
      int64_t j = 0;
      for (; j + 8 <= columns; j += 8)
        transpose_eight(
            from + i * from_stride + j,
            from_stride, [&](int p) __attribute__((always_inline)) { return row_at(j + p) + i; });
      for (; j < columns; ++j)
        for (int64_t row = i; row < i + 8; ++row) row_at(j)[row] = from[row * from_stride + j];
    }
  for (; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j) row_at(j)[i] = from[i * from_stride + j];
}

template <class T>
void transpose_by_blocks(int64_t rows, int64_t columns, const T* from, int64_t from_stride, T* to,
                         int64_t to_stride) {
  transpose_blocks(
      rows, columns, from,
      from_stride, [=](int64_t j) __attribute__((always_inline)) { return to + j * to_stride; });
}

template <class T>
void transpose_to_sections(int64_t rows, int64_t columns, const T* from, int64_t from_stride, T* to,
                           int64_t to_stride) {
  const int64_t section = (columns + partial_sums - 1) / partial_sums * to_stride;
  transpose_blocks(
      rows, columns, from, from_stride, [=](int64_t j) __attribute__((always_inline)) {
        return to + j % partial_sums * section + j / partial_sums * to_stride;
      });
}

}  // namespace

template <class T>
void transpose(int64_t rows, int64_t columns, const T* from, int64_t from_stride, T* to,
               int64_t to_stride) {
  vectorized<transpose_by_blocks<T>>(rows, columns, from, from_stride, to, to_stride);
}

template <class T>
void transpose_in_sections(int64_t rows, int64_t columns, const T* from, int64_t from_stride, T* to,
                           int64_t to_stride) {
  vectorized<transpose_to_sections<T>>(rows, columns, from, from_stride, to, to_stride);
}

template void transpose(int64_t, int64_t, const float*, int64_t, float*, int64_t);
template void transpose(int64_t, int64_t, const double*, int64_t, double*, int64_t);
template void transpose_in_sections(int64_t, int64_t, const float*, int64_t, float*, int64_t);
template void transpose_in_sections(int64_t, int64_t, const double*, int64_t, double*, int64_t);

}  // namespace gradus::kernels
