#include "core/kernels/gemm.hpp"

#include <cstring>
#include <type_traits>

#include "core/kernels/kernel.hpp"
#include "core/kernels/tile.hpp"

// After Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication": B is
// packed in blocks that stay in the L2 cache, cut into strips two vectors wide; a tile of up to
// twelve rows of C stays in registers while A and a strip stream past. A is read in place: its
// tiles are small and its two directions are as good as each other for broadcasting.

namespace gradus::kernels {
namespace {

constexpr int64_t block_depth = 256, block_width = 512;

using Eight __attribute__((vector_size(32))) = float;

/// to[p, j] = from[j, p]; from (8, 8) with `stride` elements a row, to with `width`
[[gnu::always_inline]] inline void transpose_eight(const float* from, int64_t stride, float* to,
                                                   int64_t width) {
  Eight rows[8], pairs[8], fours[8];
#pragma GCC unroll 8
  for (int j = 0; j < 8; ++j) std::memcpy(&rows[j], from + j * stride, sizeof(Eight));
    // Of rows j and j + 1 the columns 0, 1, 4, 5, then 2, 3, 6, 7.
#pragma GCC unroll 4
  for (int j = 0; j < 8; j += 2) {
    pairs[j] = __builtin_shufflevector(rows[j], rows[j + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    pairs[j + 1] = __builtin_shufflevector(rows[j], rows[j + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
  // Of rows j … j + 3 the columns 0 and 4, 1 and 5, 2 and 6, 3 and 7.
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
    std::memcpy(to + p * width, &first, sizeof(Eight));
    std::memcpy(to + (p + 4) * width, &second, sizeof(Eight));
  }
}

/// packed[p, j] = b[j, p]; b (columns, k) with `stride` elements a row, packed with `width`
template <class T>
GRADUS_KERNEL void pack_transposed(int64_t k, int64_t columns, const T* b, int64_t stride,
                                   int64_t width, T* packed) {
  int64_t j = 0;
  if constexpr (std::is_same_v<T, float>)
    for (; j + 8 <= columns; j += 8) {
      int64_t p = 0;
      for (; p + 8 <= k; p += 8)
        transpose_eight(b + j * stride + p, stride, packed + p * width + j, width);
      for (; p < k; ++p)
        for (int64_t i = j; i < j + 8; ++i) packed[p * width + i] = b[i * stride + p];
    }
  for (; j < columns; ++j)
    for (int64_t p = 0; p < k; ++p) packed[p * width + j] = b[j * stride + p];
}

/// packed[strip][p][j] = b(p, strip·width + j), 0 beyond n; b (k, n)
template <class T>
void pack(int64_t k, int64_t n, Matrix<T> b, int64_t width, T* packed) {
  for (int64_t first = 0; first < n; first += width, packed += k * width) {
    const int64_t columns = std::min(width, n - first);
    if (b.transposed)
      pack_transposed(k, columns, b.data + first * b.stride, b.stride, width, packed);
    else
      for (int64_t p = 0; p < k; ++p)
        std::copy_n(b.data + p * b.stride + first, columns, packed + p * width);
    if (columns < width)
      for (int64_t p = 0; p < k; ++p)
        std::fill_n(packed + p * width + columns, width - columns, T{0});
  }
}

/// c (+)= a·b for one packed block of B; a (m, k), c (m, n)
template <class T>
void multiply_block(int64_t m, int64_t n, int64_t k, Matrix<T> a, const T* packed, bool add, T* c,
                    int64_t stride) {
  const Tiles<T>& best = tiles<T>();
  const int64_t width = best.width(), height = tile_height(m, best.rows);
  alignas(64) T edge[12 * 32];
  for (int64_t column = 0; column < n; column += width, packed += k * width) {
    const int64_t columns = std::min(width, n - column);
    const bool whole = columns == width;
    for (int64_t row = 0; row < m; row += height) {
      const int64_t rows = std::min(height, m - row);
      T* to = c + row * stride + column;
      best.packed[rows - 1]({.depth = k,
                             .a = a.from(row, 0).data,
                             .a_row = a.row_step(),
                             .a_column = a.column_step(),
                             .b = packed,
                             .offsets = nullptr,
                             .c = whole ? to : edge,
                             .c_row = whole ? stride : width,
                             .add = whole && add});
      if (whole) continue;
      for (int64_t i = 0; i < rows; ++i)
        for (int64_t j = 0; j < columns; ++j)
          to[i * stride + j] = edge[i * width + j] + (add ? to[i * stride + j] : T{0});
    }
  }
}

/// body(p, extent, column, columns) for each block of a matrix (k, n), in the order of packing.
template <class Body>
void for_blocks(int64_t k, int64_t n, Body body) {
  for (int64_t column = 0; column < n; column += block_width)
    for (int64_t p = 0; p < k; p += block_depth)
      body(p, std::min(block_depth, k - p), column, std::min(block_width, n - column));
}

/// `columns` made up to whole strips.
template <class T>
int64_t whole_strips(int64_t columns) {
  const int64_t strip = tiles<T>().width();
  return (columns + strip - 1) / strip * strip;
}

template <class T>
std::size_t packed_bytes(int64_t k, int64_t n) {
  return static_cast<std::size_t>(k * whole_strips<T>(n)) * sizeof(T);
}

}  // namespace

template <class T>
void gemm_serial(int64_t m, int64_t n, int64_t k, Matrix<T> a, Matrix<T> b, Update update, T* c,
                 int64_t stride) {
  if (m == 0 || n == 0) return;
  if (k == 0) {
    if (update == Update::replace)
      for (int64_t row = 0; row < m; ++row) std::fill_n(c + row * stride, n, T{0});
    return;
  }
  const int64_t strip = tiles<T>().width();
  const Storage memory(packed_bytes<T>(std::min(k, block_depth), std::min(n, block_width)));
  T* packed = reinterpret_cast<T*>(memory.data());
  for_blocks(k, n, [&](int64_t p, int64_t extent, int64_t column, int64_t columns) {
    pack(extent, columns, b.from(p, column), strip, packed);
    multiply_block(m, columns, extent, a.from(0, p), packed, p > 0 || update == Update::add,
                   c + column, stride);
  });
}

template <class T>
PackedMatrix<T>::PackedMatrix(int64_t k, int64_t n, Matrix<T> b)
    : k_(k), n_(n), memory_(std::make_unique<Storage>(packed_bytes<T>(k, n))) {
  T* packed = reinterpret_cast<T*>(memory_->data());
  for_blocks(k, n, [&](int64_t p, int64_t extent, int64_t column, int64_t columns) {
    pack(extent, columns, b.from(p, column), tiles<T>().width(), packed);
    packed += extent * whole_strips<T>(columns);
  });
}

template <class T>
void PackedMatrix<T>::multiply(int64_t m, Matrix<T> a, Update update, T* c, int64_t stride) const {
  const T* packed = reinterpret_cast<const T*>(memory_->data());
  for_blocks(k_, n_, [&](int64_t p, int64_t extent, int64_t column, int64_t columns) {
    multiply_block(m, columns, extent, a.from(0, p), packed, p > 0 || update == Update::add,
                   c + column, stride);
    packed += extent * whole_strips<T>(columns);
  });
}

template class PackedMatrix<float>;
template class PackedMatrix<double>;
template void gemm_serial(int64_t, int64_t, int64_t, Matrix<float>, Matrix<float>, Update, float*,
                          int64_t);
template void gemm_serial(int64_t, int64_t, int64_t, Matrix<double>, Matrix<double>, Update,
                          double*, int64_t);

}  // namespace gradus::kernels
