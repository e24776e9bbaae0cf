#include "core/kernels/gemm.hpp"

#include <array>
#include <cstring>
#include <utility>

#include "core/storage.hpp"

// After Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication": B is
// packed in blocks that stay in the L2 cache, cut into strips two vectors wide; a tile of up to
// twelve rows of C stays in registers while A and a strip stream past. A is read in place: its
// tiles are small and its two directions are as good as each other for broadcasting.

namespace gradus::kernels {
namespace {

constexpr int64_t block_depth = 256, block_width = 512;

/// A tile of C, `rows` high and two vectors wide.
template <class T>
struct Tile {
  int64_t depth;
  const T* a;
  int64_t a_row, a_column;  // steps
  const T* b;               // packed: (depth, two vectors)
  T* c;
  int64_t c_row;
  bool add;
};

/// c (+)= a·b; a (rows, depth), b (depth, 2·vector), c (rows, 2·vector)
template <class T, int vector_bytes, int rows>
[[gnu::always_inline]] inline void multiply_tile(const Tile<T>& tile) {
  typedef T Vector __attribute__((vector_size(vector_bytes)));
  constexpr int64_t width = vector_bytes / sizeof(T);
  Vector sums[rows][2] = {};
  const T *a = tile.a, *b = tile.b;
  for (int64_t p = 0; p < tile.depth; ++p, a += tile.a_column, b += 2 * width) {
    Vector left, right;
    std::memcpy(&left, b, vector_bytes);
    std::memcpy(&right, b + width, vector_bytes);
#pragma GCC unroll 12
    for (int row = 0; row < rows; ++row) {
      const T v = a[row * tile.a_row];
      sums[row][0] += v * left;
      sums[row][1] += v * right;
    }
  }
#pragma GCC unroll 12
  for (int row = 0; row < rows; ++row) {
    T* c = tile.c + row * tile.c_row;
    if (tile.add) {
      Vector before[2];
      std::memcpy(before, c, 2 * vector_bytes);
      sums[row][0] += before[0];
      sums[row][1] += before[1];
    }
    std::memcpy(c, sums[row], 2 * vector_bytes);
  }
}

/// The tiles of one kind of processor, by their number of rows less one.
template <class T>
struct Tiles {
  int64_t width;  // elements of two vectors
  int64_t rows;   // of the highest tile
  void (*const* multiply)(const Tile<T>&);
};

#define GRADUS_TILES(name, attribute, vector_bytes, highest)                                   \
  template <class T, int rows>                                                                 \
  attribute void name##_tile(const Tile<T>& tile) {                                            \
    multiply_tile<T, vector_bytes, rows>(tile);                                                \
  }                                                                                            \
  template <class T, int... rows>                                                              \
  constexpr auto name##_table(std::integer_sequence<int, rows...>) {                           \
    return std::array{&name##_tile<T, rows + 1>...};                                           \
  }                                                                                            \
  template <class T>                                                                           \
  Tiles<T> name() {                                                                            \
    static constexpr auto table = name##_table<T>(std::make_integer_sequence<int, highest>{}); \
    return {2 * vector_bytes / static_cast<int64_t>(sizeof(T)), highest, table.data()};        \
  }

#if defined(GRADUS_PORTABLE) && defined(__x86_64__)
GRADUS_TILES(avx512, [[gnu::target("arch=x86-64-v4")]], 64, 12)
GRADUS_TILES(avx2, [[gnu::target("arch=x86-64-v3")]], 32, 6)
GRADUS_TILES(baseline, , 16, 6)

template <class T>
const Tiles<T>& tiles() {
  static const Tiles<T> best = __builtin_cpu_supports("avx512f") ? avx512<T>()
                               : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
                                   ? avx2<T>()
                                   : baseline<T>();
  return best;
}
#else
#if defined(__AVX512F__)
GRADUS_TILES(native, , 64, 12)
#elif defined(__AVX__)
GRADUS_TILES(native, , 32, 6)
#else
GRADUS_TILES(native, , 16, 6)
#endif

template <class T>
Tiles<T> tiles() {
  return native<T>();
}
#endif
#undef GRADUS_TILES

/// packed[strip][p][j] = b(p, strip·width + j), 0 beyond n; b (k, n)
template <class T>
void pack(int64_t k, int64_t n, Matrix<T> b, int64_t width, T* packed) {
  for (int64_t first = 0; first < n; first += width) {
    const int64_t columns = std::min(width, n - first);
    if (!b.transposed) {
      for (int64_t p = 0; p < k; ++p, packed += width) {
        std::copy_n(b.data + p * b.stride + first, columns, packed);
        std::fill_n(packed + columns, width - columns, T{0});
      }
      continue;
    }
    // Sixteen values of each column at a time: whole cache lines are read, and what is written
    // stays in the first-level cache.
    for (int64_t p0 = 0; p0 < k; p0 += 16) {
      const int64_t count = std::min<int64_t>(16, k - p0);
      for (int64_t j = 0; j < columns; ++j) {
        const T* column = b.data + (first + j) * b.stride + p0;
        for (int64_t p = 0; p < count; ++p) packed[p * width + j] = column[p];
      }
      for (int64_t p = 0; p < count; ++p)
        std::fill_n(packed + p * width + columns, width - columns, T{0});
      packed += count * width;
    }
  }
}

/// c (+)= a·b for one packed block of B; a (m, k), c (m, n)
template <class T>
void multiply_block(const Tiles<T>& tiles, int64_t m, int64_t n, int64_t k, Matrix<T> a,
                    const T* packed, bool add, T* c, int64_t stride) {
  const int64_t count = (m + tiles.rows - 1) / tiles.rows, height = (m + count - 1) / count;
  alignas(64) T edge[12 * 32];
  for (int64_t column = 0; column < n; column += tiles.width, packed += k * tiles.width) {
    const int64_t columns = std::min(tiles.width, n - column);
    for (int64_t row = 0; row < m; row += height) {
      const int64_t rows = std::min(height, m - row);
      T* to = c + row * stride + column;
      Tile<T> tile{k, a.from(row, 0).data, a.row_step(), a.column_step(), packed, to, stride, add};
      if (columns < tiles.width) {
        tile.c = edge;
        tile.c_row = tiles.width;
        tile.add = false;
      }
      tiles.multiply[rows - 1](tile);
      if (columns == tiles.width) continue;
      for (int64_t i = 0; i < rows; ++i)
        for (int64_t j = 0; j < columns; ++j)
          to[i * stride + j] = edge[i * tiles.width + j] + (add ? to[i * stride + j] : T{0});
    }
  }
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
  const Tiles<T> best = tiles<T>();
  const int64_t depth = std::min(k, block_depth);
  const int64_t width = (std::min(n, block_width) + best.width - 1) / best.width * best.width;
  const Storage memory(static_cast<std::size_t>(depth * width) * sizeof(T));
  T* packed = reinterpret_cast<T*>(memory.data());
  for (int64_t column = 0; column < n; column += block_width)
    for (int64_t p = 0; p < k; p += block_depth) {
      const int64_t columns = std::min(block_width, n - column);
      const int64_t extent = std::min(block_depth, k - p);
      pack(extent, columns, b.from(p, column), best.width, packed);
      multiply_block(best, m, columns, extent, a.from(0, p), packed, p > 0 || update == Update::add,
                     c + column, stride);
    }
}

template void gemm_serial(int64_t, int64_t, int64_t, Matrix<float>, Matrix<float>, Update, float*,
                          int64_t);
template void gemm_serial(int64_t, int64_t, int64_t, Matrix<double>, Matrix<double>, Update,
                          double*, int64_t);

}  // namespace gradus::kernels
