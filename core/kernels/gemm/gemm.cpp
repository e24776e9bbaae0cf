#include "core/kernels/gemm/gemm.hpp"

#include "core/kernels/gemm/transpose.hpp"
#include "core/kernels/simd/lanes.hpp"
#include "core/kernels/simd/vectorized.hpp"

// After Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication": B is
// packed in blocks that fit the L2 cache, divided into strips of two vectors; a tile of rows of C
// stays in registers while rows of A and a strip are read.

namespace gradus::kernels {
namespace {

constexpr int64_t block_depth = 256, block_width = 256;
constexpr int64_t few_rows = 4;              // of A: packing B wouldn't pay off
constexpr int64_t vectors = 2;               // per strip
constexpr int64_t rows_at_once = 16;         // rows of B that are packed together
constexpr int64_t packed_at_once = 1 << 14;  // elements that are worth using a thread

template <class T>
int64_t strip_width() {
  return vectors * tiles<T>().vector;
}

/// packed[strip][p][j] = b(p, strip·width + j), 0 beyond n; b (k, n)
template <class T>
void pack(int64_t k, int64_t n, Matrix<T> b, T* packed) {
  const int64_t width = strip_width<T>();
  if (b.transposed) {
    for (int64_t first = 0; first < n; first += width)
      transpose(std::min(width, n - first), k, b.data + first * b.stride, b.stride,
                packed + first * k, width);
  } else {
    // A few rows at a time: the columns of a wide matrix map to the same cache lines.
    for (int64_t row = 0; row < k; row += rows_at_once)
      for (int64_t first = 0; first < n; first += width)
        for (int64_t p = row; p < std::min(k, row + rows_at_once); ++p)
          copy_line(b.data + p * b.stride + first, std::min(width, n - first),
                    packed + first * k + p * width);
  }
  if (const int64_t columns = n % width; columns > 0)
    for (int64_t p = 0; p < k; ++p)
      std::fill_n(packed + (n - columns) * k + p * width + columns, width - columns, T{0});
}

/// packed[p][row] = a(row, p); a (rows, k) transposed
template <class T>
void pack_rows(int64_t rows, int64_t k, Matrix<T> a, T* packed) {
  for (int64_t p = 0; p < k; ++p, packed += rows) copy_line(a.from(0, p).data, rows, packed);
}

/// c (+)= a·b for `depth` columns of a from column `first`, and one packed block of B; c (rows, n)
template <class T>
void multiply_block(const LeftRows<T>& a, int64_t first, int64_t depth, int64_t n, const T* packed,
                    bool add, T* c, int64_t stride) {
  const Tiles<T>& best = tiles<T>();
  const int64_t width = strip_width<T>();
  alignas(64) T edge[Tiles<T>::highest * 32];
  for (int64_t column = 0; column < n; column += width, packed += depth * width) {
    const int64_t columns = std::min(width, n - column);
    const bool whole = columns == width;
    for (int64_t row = 0; row < a.size(); row += a.height()) {
      const int64_t rows = a.count(row);
      T* to = c + row * stride + column;
      best.product(a.kind(), vectors, rows)({.depth = depth,
                                             .a = a.at(row, first),
                                             .a_row = a.row_step(),
                                             .b = packed,
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

/// c (+)= a·b for few rows of a and a transposed b, whose rows are read once: with so few rows of
/// a, packing b would not pay off; c (rows, n)
template <class T>
void multiply_rows(const LeftRows<T>& a, int64_t n, Matrix<T> b, Update update, T* c,
                   int64_t stride) {
  const Tiles<T>& best = tiles<T>();
  const int64_t depth = a.depth(), lanes = common_widths<T>.vector, whole = depth / lanes * lanes;
  int64_t offsets[Tiles<T>::most_dots];
  for (int64_t j = 0; j < best.dot_columns; ++j) offsets[j] = j * b.stride;
  for (int64_t column = 0; column < n; column += best.dot_columns) {
    const int64_t columns = std::min(best.dot_columns, n - column);
    const T* right = b.from(0, column).data;
    for (int64_t row = 0; row < a.size(); row += best.dot_rows) {
      const int64_t rows = std::min(best.dot_rows, a.size() - row);
      const T* left = a.at(row, 0);
      T* const to = c + row * stride + column;
      for (int64_t i = 0; i < rows; ++i)
        for (int64_t j = 0; j < columns; ++j) {
          T sum = update == Update::add ? to[i * stride + j] : T{0};
          for (int64_t p = whole; p < depth; ++p)
            sum = fma(left[i * a.row_step() + p], right[j * b.stride + p], sum);
          to[i * stride + j] = sum;
        }
      best.dot(rows, columns)({.depth = whole,
                               .count = 1,
                               .a = left,
                               .a_row = a.row_step(),
                               .a_step = 0,
                               .b = right,
                               .offsets = offsets,
                               .b_step = 0,
                               .c = to,
                               .c_row = stride});
    }
  }
}

/// c = a·b for few rows of a; b is read once, in place; c (rows, n) with n at least a vector
template <class T>
void multiply_in_place(const LeftRows<T>& a, int64_t n, Matrix<T> b, T* c, int64_t stride) {
  const Tiles<T>& best = tiles<T>();
  const int64_t rows = a.size(), depth = a.depth();
  const Storage memory(static_cast<std::size_t>(rows * depth) * sizeof(T));
  T* const left = reinterpret_cast<T*>(memory.data());
  transpose(rows, depth, a.at(0, 0), a.row_step(), left, rows);
  const int64_t widest = std::min(Tiles<T>::widest, best.sums / rows);
  int64_t offsets[block_depth];
  for (int64_t p = 0; p < block_depth; ++p) offsets[p] = p * b.stride;
  for (int64_t column = 0; column < n;) {
    const int64_t across = std::clamp((n - column) / best.vector, int64_t{1}, widest);
    // The last tile ends at the last column and computes a few columns again.
    column = std::min(column, n - across * best.vector);
    for (int64_t p = 0; p < depth; p += block_depth)
      best.product(TileKind::gathered, across, rows)({.depth = std::min(block_depth, depth - p),
                                                      .a = left + p * rows,
                                                      .b = b.from(p, column).data,
                                                      .offsets = offsets,
                                                      .c = c + column,
                                                      .c_row = stride,
                                                      .add = p > 0});
    column += across * best.vector;
  }
}

/// Calls body(p, extent, column, columns) for each block of a matrix (k, n), in the order of
/// packing.
template <class Body>
void for_blocks(int64_t k, int64_t n, Body body) {
  for (int64_t column = 0; column < n; column += block_width)
    for (int64_t p = 0; p < k; p += block_depth)
      body(p, std::min(block_depth, k - p), column, std::min(block_width, n - column));
}

template <class T>
std::size_t packed_bytes(int64_t k, int64_t n) {
  return static_cast<std::size_t>(k * tiles<T>().covered(n, vectors)) * sizeof(T);
}

}  // namespace

template <class T>
LeftRows<T>::LeftRows(int64_t m, int64_t k, Matrix<T> a)
    : m_(m),
      k_(k),
      height_(tile_height(m, tiles<T>().rows(vectors))),
      a_(a),
      memory_(std::make_unique<Storage>(a.transposed ? static_cast<std::size_t>(m * k) * sizeof(T)
                                                     : 0)) {
  if (!a.transposed || m == 0 || k == 0) return;
  T* const packed = reinterpret_cast<T*>(memory_->data());
  const int64_t grain = std::max<int64_t>(1, packed_at_once / (k * height_));
  parallel_for(chunk_count(m, height_), grain, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin * height_; row < std::min(m, end * height_); row += height_)
      vectorized<pack_rows<T>>(count(row), k, a.from(row, 0), packed + row * k);
  });
}

template <class T>
void multiply(const LeftRows<T>& a, int64_t n, Matrix<T> b, Update update, T* c, int64_t stride) {
  if (a.size() == 0 || n == 0) return;
  if (a.depth() == 0) {
    if (update == Update::replace)
      for (int64_t row = 0; row < a.size(); ++row) std::fill_n(c + row * stride, n, T{0});
    return;
  }
  if (a.kind() == TileKind::in_rows && a.size() <= few_rows) {
    if (b.transposed) return multiply_rows(a, n, b, update, c, stride);
    if (update == Update::replace && n >= tiles<T>().vector)
      return multiply_in_place(a, n, b, c, stride);
  }
  const Storage memory(packed_bytes<T>(std::min(a.depth(), block_depth), std::min(n, block_width)));
  T* packed = reinterpret_cast<T*>(memory.data());
  for_blocks(a.depth(), n, [&](int64_t p, int64_t extent, int64_t column, int64_t columns) {
    vectorized<pack<T>>(extent, columns, b.from(p, column), packed);
    multiply_block(a, p, extent, columns, packed, p > 0 || update == Update::add, c + column,
                   stride);
  });
}

template <class T>
PackedMatrix<T>::PackedMatrix(int64_t k, int64_t n, Matrix<T> b)
    : k_(k), n_(n), memory_(std::make_unique<Storage>(packed_bytes<T>(k, n))) {
  T* const packed = reinterpret_cast<T*>(memory_->data());
  parallel_for(n, block_width, [&](int64_t begin, int64_t end) {
    for (int64_t p = 0; p < k; p += block_depth) {
      const int64_t extent = std::min(block_depth, k - p);
      vectorized<pack<T>>(extent, end - begin, b.from(p, begin),
                          packed + begin * k + p * tiles<T>().covered(end - begin, vectors));
    }
  });
}

template <class T>
void PackedMatrix<T>::multiply(int64_t m, Matrix<T> a, Update update, T* c, int64_t stride) const {
  const T* packed = reinterpret_cast<const T*>(memory_->data());
  const LeftRows<T> rows(m, k_, a);
  for_blocks(k_, n_, [&](int64_t p, int64_t extent, int64_t column, int64_t columns) {
    multiply_block(rows, p, extent, columns, packed, p > 0 || update == Update::add, c + column,
                   stride);
    packed += extent * tiles<T>().covered(columns, vectors);
  });
}

#define GRADUS_INSTANTIATE(T)     \
  template class LeftRows<T>;     \
  template class PackedMatrix<T>; \
  template void multiply(const LeftRows<T>&, int64_t, Matrix<T>, Update, T*, int64_t);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)
#undef GRADUS_INSTANTIATE

}  // namespace gradus::kernels
