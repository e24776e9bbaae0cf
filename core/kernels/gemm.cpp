#include "core/kernels/gemm.hpp"

#include "core/kernels/tile.hpp"
#include "core/kernels/transpose.hpp"

// After Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication": B is
// packed in blocks that stay in the L2 cache, cut into strips two vectors wide; a tile of up to
// twelve rows of C stays in registers while A and a strip stream past. A is read in place: its
// tiles are small and its two directions are as good as each other for broadcasting.

namespace gradus::kernels {
namespace {

constexpr int64_t block_depth = 256, block_width = 512;

/// packed[strip][p][j] = b(p, strip·width + j), 0 beyond n; b (k, n)
template <class T>
void pack(int64_t k, int64_t n, Matrix<T> b, int64_t width, T* packed) {
  for (int64_t first = 0; first < n; first += width, packed += k * width) {
    const int64_t columns = std::min(width, n - first);
    if (b.transposed)
      transpose(columns, k, b.data + first * b.stride, b.stride, packed, width);
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
