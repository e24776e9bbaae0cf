#include "core/kernels/gemm/gemm.hpp"

#include "core/kernels/gemm/transpose.hpp"
#include "core/kernels/simd/even_odd.hpp"
#include "core/kernels/simd/lanes.hpp"
#include "core/kernels/simd/vectorized.hpp"

// After Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication": B is
// packed in blocks that fit the L2 cache, divided into strips of two vectors; a tile of rows of C
// stays in registers while rows of A and a strip are read.

namespace gradus::kernels {
namespace {

// Of B; with several partial sums they are so many times deeper and narrower.
constexpr int64_t block_depth = 256, block_width = 256;
constexpr int64_t few_rows = 4;                               // of A: packing B wouldn't pay off
constexpr int64_t vectors = 2;                                // per strip
constexpr int64_t rows_at_once = 16;                          // rows of B that are packed together
constexpr int64_t packed_width = block_width / partial_sums;  // columns of B that a thread packs
constexpr int64_t packed_at_once = 1 << 14;  // elements that are worth using a thread

/// The rows of a packed block of k rows, which is divided into a part for each partial sum.
int64_t packed_depth(int64_t k, int64_t sums) {
  return chunk_count(k, sums) * sums;
}

template <class T>
int64_t strip_width() {
  return vectors * tiles<T>().vector;
}

/// packed[strip][p][j] = b(p, strip·width + j), 0 beyond n; b (k, n)
template <class T>
void pack(int64_t k, int64_t n, Matrix<T> b, int64_t sums, T* packed) {
  const int64_t width = strip_width<T>(), depth = packed_depth(k, sums);
  if (b.transposed) {
    for (int64_t first = 0; first < n; first += width)
      (sums > 1 ? transpose_in_sections<T> : transpose<T>)(std::min(width, n - first), k,
                                                           b.data + first * b.stride, b.stride,
                                                           packed + first * depth, width);
  } else {
    // A few rows at a time: the columns of a wide matrix map to the same cache lines.
    for (int64_t row = 0; row < k; row += rows_at_once)
      for (int64_t first = 0; first < n; first += width)
        for (int64_t p = row; p < std::min(k, row + rows_at_once); ++p)
          copy_line(b.data + p * b.stride + first, std::min(width, n - first),
                    packed + first * k + p * width);
  }
  if (const int64_t columns = n % width; columns > 0)
    for (int64_t p = 0; p < depth; ++p)
      std::fill_n(packed + (n - columns) * depth + p * width + columns, width - columns, T{0});
}

/// packed[p][row] = a(row, p); a (rows, k) transposed
template <class T>
void pack_rows(int64_t rows, int64_t k, Matrix<T> a, T* packed) {
  for (int64_t p = 0; p < k; ++p, packed += rows) copy_line(a.from(0, p).data, rows, packed);
}

/// to[sum·section + p] = from[p·partial_sums + sum]; n elements
template <class T>
void separate_sums(int64_t n, const T* from, int64_t section, T* to) {
  constexpr int64_t size = 8;
  constexpr std::make_index_sequence<size> each;
  int64_t p = 0;
  for (; (p + size) * partial_sums <= n; p += size) {
    const T* const x = from + p * partial_sums;
    const auto [even_left, odd_left] = load_even_odd(x, each);
    const auto [even_right, odd_right] = load_even_odd(x + 2 * size, each);
    store_even_odd(even_left, even_right, to + p, to + p + 2 * section, each);
    store_even_odd(odd_left, odd_right, to + p + section, to + p + 3 * section, each);
  }
  for (int64_t sum = 0; sum < partial_sums; ++sum)
    for (int64_t i = p; i * partial_sums + sum < n; ++i)
      to[sum * section + i] = from[i * partial_sums + sum];
}

/// packed[row][block][sum][p] = a(row, block·depth + p·partial_sums + sum); a (rows, k)
template <class T>
void pack_sums(int64_t rows, int64_t k, Matrix<T> a, T* packed) {
  constexpr int64_t depth = block_depth * partial_sums;
  for (int64_t row = 0; row < rows; ++row, packed += packed_depth(k, partial_sums))
    for (int64_t first = 0; first < k; first += depth) {
      const int64_t extent = std::min(depth, k - first);
      vectorized<separate_sums<T>>(extent, a.from(row, first).data,
                                   chunk_count(extent, partial_sums), packed + first);
    }
}

/// c (+)= a·b for `depth` columns of a from column `first`, and one packed block of B, in so many
/// partial sums; c (rows, n)
template <class T>
void multiply_block(const LeftRows<T>& a, int64_t first, int64_t depth, int64_t n, const T* packed,
                    int64_t sums, bool add, T* c, int64_t stride) {
  const Tiles<T>& best = tiles<T>();
  const int64_t width = strip_width<T>();
  alignas(64) T edge[Tiles<T>::highest * 32] = {};
  for (int64_t column = 0; column < n;
       column += width, packed += packed_depth(depth, sums) * width) {
    const int64_t columns = std::min(width, n - column);
    const bool whole = columns == width;
    for (int64_t row = 0; row < a.size(); row += a.height()) {
      const int64_t rows = a.count(row);
      T* to = c + row * stride + column;
      for (int64_t i = 0; !whole && add && i < rows; ++i)
        std::copy_n(to + i * stride, columns, edge + i * width);
      for (int64_t p = 0; p < sums; ++p)
        best.product(a.kind(), vectors, rows)({.depth = chunk_count(depth - p, sums),
                                               .a = a.at(row, first) + p * chunk_count(depth, sums),
                                               .a_row = a.row_step(),
                                               .b = packed + p * chunk_count(depth, sums) * width,
                                               .c = whole ? to : edge,
                                               .c_row = whole ? stride : width,
                                               .add = add || p > 0});
      for (int64_t i = 0; !whole && i < rows; ++i)
        std::copy_n(edge + i * width, columns, to + i * stride);
    }
  }
}

/// c (+)= a·b for few rows of a; b is read once, in place; c (rows, n) with n at least a vector,
/// and whole vectors if c is added to
template <class T>
void multiply_in_place(const LeftRows<T>& a, int64_t n, Matrix<T> b, bool add, T* c,
                       int64_t stride) {
  const Tiles<T>& best = tiles<T>();
  const int64_t rows = a.size(), depth = a.depth();
  Scratch<T> packed(rows * depth);
  T* const left = packed.data();
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
                                                      .add = add || p > 0});
    column += across * best.vector;
  }
}

/// Calls body(p, extent, column, columns) for each block of a matrix (k, n), in the order of
/// packing.
template <class Body>
void for_blocks(int64_t k, int64_t n, int64_t sums, Body body) {
  const int64_t depth = block_depth * sums, width = block_width / sums;
  for (int64_t column = 0; column < n; column += width)
    for (int64_t p = 0; p < k; p += depth)
      body(p, std::min(depth, k - p), column, std::min(width, n - column));
}

template <class T>
int64_t packed_size(int64_t k, int64_t n, int64_t sums) {
  return packed_depth(k, sums) * tiles<T>().covered(n, vectors);
}

}  // namespace

template <class T>
LeftRows<T>::LeftRows(int64_t m, int64_t k, Matrix<T> a, int64_t sums)
    : m_(m), k_(k), sums_(sums), height_(tile_height(m, tiles<T>().rows(vectors))), a_(a) {
  if ((!a.transposed && sums == 1) || m == 0 || k == 0) return;
  const int64_t row_size = packed_depth(k, sums);
  T* const packed = packed_.emplace(m * row_size).data();
  const int64_t grain = std::max<int64_t>(1, packed_at_once / (k * height_));
  parallel_for(chunk_count(m, height_), grain, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin * height_; row < std::min(m, end * height_); row += height_)
      if (a.transposed)
        vectorized<pack_rows<T>>(count(row), k, a.from(row, 0), packed + row * k);
      else
        pack_sums(count(row), k, a.from(row, 0), packed + row * row_size);
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
  const int64_t sums = a.sums();
  const int64_t vector = tiles<T>().vector;
  const bool add = update == Update::add;
  if (a.kind() == TileKind::in_rows && a.size() <= few_rows && !b.transposed && n >= vector &&
      (!add || n % vector == 0))
    return multiply_in_place(a, n, b, add, c, stride);
  Scratch<T> memory(packed_size<T>(std::min(a.depth(), block_depth * sums),
                                   std::min(n, block_width / sums), sums));
  T* const packed = memory.data();
  for_blocks(a.depth(), n, sums, [&](int64_t p, int64_t extent, int64_t column, int64_t columns) {
    vectorized<pack<T>>(extent, columns, b.from(p, column), sums, packed);
    multiply_block(a, p, extent, columns, packed, sums, add || p > 0, c + column, stride);
  });
}

template <class T>
void multiply_rows(int64_t m, int64_t n, int64_t k, Matrix<T> a, Matrix<T> b, Update update, T* c,
                   int64_t stride) {
  using Tile = RowsTile<T>;
  for (int64_t row = 0; row < m; row += Tile::most_rows) {
    const int64_t rows = std::min(Tile::most_rows, m - row), width = Tile::columns(rows);
    const auto multiply_tile = tiles<T>().rows_tiles[rows - 1];
    for (int64_t column = 0; column < n; column += width) {
      const int64_t columns = std::min(width, n - column);
      const bool whole = columns == width;
      int64_t offsets[Tile::columns(1)];
      for (int64_t j = 0; j < width; ++j) offsets[j] = std::min(j, columns - 1) * b.stride;
      T edge[Tile::most_rows * Tile::columns(1)] = {};
      T* const to = c + row * stride + column;
      for (int64_t i = 0; !whole && update == Update::add && i < rows; ++i)
        std::copy_n(to + i * stride, columns, edge + i * width);
      for (int64_t p = 0; p < k; p += block_depth * partial_sums)
        multiply_tile({.depth = std::min(block_depth * partial_sums, k - p),
                       .a = a.from(row, p).data,
                       .a_row = a.stride,
                       .b = b.from(p, column).data,
                       .offsets = offsets,
                       .c = whole ? to : edge,
                       .c_row = whole ? stride : width,
                       .add = p > 0 || update == Update::add});
      for (int64_t i = 0; !whole && i < rows; ++i)
        std::copy_n(edge + i * width, columns, to + i * stride);
    }
  }
}

template <class T>
PackedMatrix<T>::PackedMatrix(int64_t k, int64_t n, Matrix<T> b, int64_t sums)
    : k_(k),
      n_(n),
      sums_(sums),
      memory_(std::make_unique<Storage>(static_cast<std::size_t>(packed_size<T>(k, n, sums)) *
                                        sizeof(T))) {
  T* const packed = reinterpret_cast<T*>(memory_->data());
  const int64_t depth = block_depth * sums, width = block_width / sums;
  const int64_t blocks = chunk_count(k, depth);
  // In parts of blocks, so that all threads pack a narrow matrix too.
  parallel_for(chunk_count(n, packed_width) * blocks, 1, [&](int64_t begin, int64_t end) {
    for (int64_t part = begin; part < end; ++part) {
      const int64_t column = part / blocks * packed_width, p = part % blocks * depth;
      const int64_t extent = std::min(depth, k - p), block = column / width * width;
      vectorized<pack<T>>(extent, std::min(packed_width, n - column), b.from(p, column), sums,
                          packed + block * packed_depth(k, sums) +
                              p * tiles<T>().covered(std::min(width, n - block), vectors) +
                              (column - block) * packed_depth(extent, sums));
    }
  });
}

template <class T>
void PackedMatrix<T>::multiply(int64_t m, Matrix<T> a, Update update, T* c, int64_t stride) const {
  const T* packed = reinterpret_cast<const T*>(memory_->data());
  const LeftRows<T> rows(m, k_, a, sums_);
  for_blocks(k_, n_, sums_, [&](int64_t p, int64_t extent, int64_t column, int64_t columns) {
    multiply_block(rows, p, extent, columns, packed, sums_, p > 0 || update == Update::add,
                   c + column, stride);
    packed += packed_depth(extent, sums_) * tiles<T>().covered(columns, vectors);
  });
}

#define GRADUS_INSTANTIATE(T)                                                          \
  template class LeftRows<T>;                                                          \
  template class PackedMatrix<T>;                                                      \
  template void multiply(const LeftRows<T>&, int64_t, Matrix<T>, Update, T*, int64_t); \
  template void multiply_rows(int64_t, int64_t, int64_t, Matrix<T>, Matrix<T>, Update, T*, int64_t);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)
#undef GRADUS_INSTANTIATE

}  // namespace gradus::kernels
