#include "core/kernels/tile.hpp"

#include <array>
#include <cstring>
#include <utility>

namespace gradus::kernels {
namespace {

template <class T, int bytes>
using Vector __attribute__((vector_size(bytes))) = T;

/// a (rows, depth), b (depth, two vectors), c (rows, two vectors)
template <class T, int bytes, int rows, bool gathered>
[[gnu::always_inline]] inline void product(const ProductTile<T>& tile) {
  constexpr int64_t width = bytes / sizeof(T);
  Vector<T, bytes> sums[rows][2] = {};
  const T* a = tile.a;
  for (int64_t p = 0; p < tile.depth; ++p, a += tile.a_column) {
    const T* b = tile.b + (gathered ? tile.offsets[p] : p * 2 * width);
    Vector<T, bytes> left, right;
    std::memcpy(&left, b, bytes);
    std::memcpy(&right, b + width, bytes);
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
      Vector<T, bytes> before[2];
      std::memcpy(before, c, 2 * bytes);
      sums[row][0] += before[0];
      sums[row][1] += before[1];
    }
    std::memcpy(c, sums[row], 2 * bytes);
  }
}

/// a (rows, depth) and b (columns, depth) of each image, c (rows, columns)
template <class T, int bytes, int rows, int columns>
[[gnu::always_inline]] inline void dot(const DotTile<T>& tile) {
  constexpr int64_t width = bytes / sizeof(T);
  Vector<T, bytes> sums[rows][columns] = {};
  for (int64_t t = 0; t < tile.count; ++t) {
    const T *a = tile.a + t * tile.a_step, *b = tile.b + t * tile.b_step;
    for (int64_t p = 0; p < tile.depth; p += width) {
      Vector<T, bytes> left[rows];
#pragma GCC unroll 4
      for (int row = 0; row < rows; ++row) std::memcpy(&left[row], a + row * tile.a_row + p, bytes);
#pragma GCC unroll 6
      for (int column = 0; column < columns; ++column) {
        Vector<T, bytes> right;
        std::memcpy(&right, b + tile.offsets[column] + p, bytes);
#pragma GCC unroll 4
        for (int row = 0; row < rows; ++row) sums[row][column] += left[row] * right;
      }
    }
  }
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < columns; ++column) {
      T total = 0;
      for (int64_t lane = 0; lane < width; ++lane) total += sums[row][column][lane];
      tile.c[row * tile.c_row + column] += total;
    }
}

// The functions for one kind of processor, with its vectors and as many sums as it has registers
// for.
#define GRADUS_TILES(name, attribute, bytes, highest, dot_highest, dot_columns)                  \
  template <class T, int rows, bool gathered>                                                    \
  attribute void name##_product(const ProductTile<T>& tile) {                                    \
    product<T, bytes, rows, gathered>(tile);                                                     \
  }                                                                                              \
  template <class T, int rows>                                                                   \
  attribute void name##_dot(const DotTile<T>& tile) {                                            \
    dot<T, bytes, rows, dot_columns>(tile);                                                      \
  }                                                                                              \
  template <class T, bool gathered, int... rows>                                                 \
  constexpr auto name##_products(std::integer_sequence<int, rows...>) {                          \
    return std::array{&name##_product<T, rows + 1, gathered>...};                                \
  }                                                                                              \
  template <class T, int... rows>                                                                \
  constexpr auto name##_dots(std::integer_sequence<int, rows...>) {                              \
    return std::array{&name##_dot<T, rows + 1>...};                                              \
  }                                                                                              \
  template <class T>                                                                             \
  const Tiles<T>& name() {                                                                       \
    using Rows = std::make_integer_sequence<int, highest>;                                       \
    static constexpr auto packed = name##_products<T, false>(Rows{});                            \
    static constexpr auto gathered = name##_products<T, true>(Rows{});                           \
    static constexpr auto dots = name##_dots<T>(std::make_integer_sequence<int, dot_highest>{}); \
    static constexpr Tiles<T> table{bytes / static_cast<int64_t>(sizeof(T)),                     \
                                    highest,                                                     \
                                    packed.data(),                                               \
                                    gathered.data(),                                             \
                                    dot_highest,                                                 \
                                    dot_columns,                                                 \
                                    dots.data()};                                                \
    return table;                                                                                \
  }

#if defined(GRADUS_PORTABLE) && defined(__x86_64__)
GRADUS_TILES(avx512, [[gnu::target("arch=x86-64-v4")]], 64, 12, 4, 6)
GRADUS_TILES(avx2, [[gnu::target("arch=x86-64-v3")]], 32, 6, 3, 4)
GRADUS_TILES(baseline, , 16, 6, 3, 4)
#elif defined(__AVX512F__)
GRADUS_TILES(native, , 64, 12, 4, 6)
#elif defined(__AVX__)
GRADUS_TILES(native, , 32, 6, 3, 4)
#else
GRADUS_TILES(native, , 16, 6, 3, 4)
#endif
#undef GRADUS_TILES

}  // namespace

template <class T>
const Tiles<T>& tiles() {
#if defined(GRADUS_PORTABLE) && defined(__x86_64__)
  static const Tiles<T>& best = __builtin_cpu_supports("x86-64-v4")   ? avx512<T>()
                                : __builtin_cpu_supports("x86-64-v3") ? avx2<T>()
                                                                      : baseline<T>();
  return best;
#else
  return native<T>();
#endif
}

template const Tiles<float>& tiles();
template const Tiles<double>& tiles();

}  // namespace gradus::kernels
