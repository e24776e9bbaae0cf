#include "core/kernels/tile.hpp"

#include <array>
#include <cstring>
#include <utility>

namespace gradus::kernels {
namespace {

template <class T, int bytes>
using Vector __attribute__((vector_size(bytes))) = T;

template <class T, int bytes>
[[gnu::always_inline]] inline Vector<T, bytes> load(const T* from) {
  Vector<T, bytes> v;
  std::memcpy(&v, from, bytes);
  return v;
}

template <class T, int bytes>
[[gnu::always_inline]] inline void store(T* to, Vector<T, bytes> v) {
  std::memcpy(to, &v, bytes);
}

// The sum of a vector's elements, halves added to halves.
template <class T, int bytes>
[[gnu::always_inline]] inline T total(Vector<T, bytes> v) {
  if constexpr (bytes == sizeof(T)) {
    return v[0];
  } else {
    Vector<T, bytes / 2> halves[2];
    std::memcpy(halves, &v, bytes);
    return total<T, bytes / 2>(halves[0] + halves[1]);
  }
}

enum class Offsets { none, into_a, into_b };

/// a (rows, depth), b (depth, two vectors), c (rows, two vectors)
template <class T, int bytes, int rows, Offsets offsets>
[[gnu::always_inline]] inline void product(const ProductTile<T>& tile) {
  constexpr int64_t width = bytes / sizeof(T);
  using V = Vector<T, bytes>;
  const V start[2] = {tile.start ? load<T, bytes>(tile.start) : V{},
                      tile.start ? load<T, bytes>(tile.start + width) : V{}};
  V sums[rows][2];
#pragma GCC unroll 12
  for (int row = 0; row < rows; ++row) {
    sums[row][0] = start[0];
    sums[row][1] = start[1];
  }
  for (int64_t p = 0; p < tile.depth; ++p) {
    const T* a = tile.a + (offsets == Offsets::into_a ? tile.offsets[p] : p * tile.a_column);
    const T* b = tile.b + (offsets == Offsets::into_b ? tile.offsets[p] : p * 2 * width);
    const V left = load<T, bytes>(b), right = load<T, bytes>(b + width);
#pragma GCC unroll 12
    for (int row = 0; row < rows; ++row) {
      const T v = a[row * tile.a_row];
      sums[row][0] += v * left;
      sums[row][1] += v * right;
    }
  }
  T* c = tile.c;
#pragma GCC unroll 12
  for (int row = 0; row < rows; ++row, c += tile.c_row) {
    if (tile.add) {
      sums[row][0] += load<T, bytes>(c);
      sums[row][1] += load<T, bytes>(c + width);
    }
    store<T, bytes>(c, sums[row][0]);
    store<T, bytes>(c + width, sums[row][1]);
  }
}

/// a (rows, depth) and b (columns, depth) of each image, c (rows, columns)
template <class T, int bytes, int rows, int columns>
[[gnu::always_inline]] inline void dot(const DotTile<T>& tile) {
  constexpr int64_t width = bytes / sizeof(T);
  using V = Vector<T, bytes>;
  V sums[rows][columns];
#pragma GCC unroll 4
  for (int row = 0; row < rows; ++row)
#pragma GCC unroll 6
    for (int column = 0; column < columns; ++column) sums[row][column] = V{};
  for (int64_t t = 0; t < tile.count; ++t) {
    const T *a = tile.a + t * tile.a_step, *b = tile.b + t * tile.b_step;
    for (int64_t p = 0; p < tile.depth; p += width) {
      V left[rows];
#pragma GCC unroll 4
      for (int row = 0; row < rows; ++row) left[row] = load<T, bytes>(a + row * tile.a_row + p);
#pragma GCC unroll 6
      for (int column = 0; column < columns; ++column) {
        const V right = load<T, bytes>(b + tile.offsets[column] + p);
#pragma GCC unroll 4
        for (int row = 0; row < rows; ++row) sums[row][column] += left[row] * right;
      }
    }
  }
#pragma GCC unroll 4
  for (int row = 0; row < rows; ++row)
#pragma GCC unroll 6
    for (int column = 0; column < columns; ++column)
      tile.c[row * tile.c_row + column] += total<T, bytes>(sums[row][column]);
}

// The functions for one kind of processor, with its vectors and as many sums as it has registers
// for.
#define GRADUS_TILES(name, attribute, bytes, highest, dot_highest, dot_columns)             \
  template <class T, int rows, Offsets offsets>                                             \
  attribute void name##_product(const ProductTile<T>& tile) {                               \
    product<T, bytes, rows, offsets>(tile);                                                 \
  }                                                                                         \
  template <class T, int rows, int columns>                                                 \
  attribute void name##_dot(const DotTile<T>& tile) {                                       \
    dot<T, bytes, rows, columns>(tile);                                                     \
  }                                                                                         \
  template <class T, Offsets offsets, int... rows>                                          \
  constexpr auto name##_products(std::integer_sequence<int, rows...>) {                     \
    return std::array{&name##_product<T, rows + 1, offsets>...};                            \
  }                                                                                         \
  template <class T, int... index>                                                          \
  constexpr auto name##_dots(std::integer_sequence<int, index...>) {                        \
    return std::array{&name##_dot<T, index / dot_columns + 1, index % dot_columns + 1>...}; \
  }                                                                                         \
  template <class T>                                                                        \
  const Tiles<T>& name() {                                                                  \
    using Rows = std::make_integer_sequence<int, highest>;                                  \
    static constexpr auto packed = name##_products<T, Offsets::none>(Rows{});               \
    static constexpr auto gathered = name##_products<T, Offsets::into_b>(Rows{});           \
    static constexpr auto windowed = name##_products<T, Offsets::into_a>(Rows{});           \
    static constexpr auto dots =                                                            \
        name##_dots<T>(std::make_integer_sequence<int, dot_highest * dot_columns>{});       \
    static constexpr Tiles<T> table{bytes / static_cast<int64_t>(sizeof(T)),                \
                                    highest,                                                \
                                    packed.data(),                                          \
                                    gathered.data(),                                        \
                                    windowed.data(),                                        \
                                    dot_highest,                                            \
                                    dot_columns,                                            \
                                    dots.data()};                                           \
    return table;                                                                           \
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
