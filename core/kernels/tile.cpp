#include "core/kernels/tile.hpp"

#include <array>
#include <cstring>
#include <utility>

#include "core/kernels/lanes.hpp"

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

/// Has v come from memory once, not anew with each use.
template <class V>
[[gnu::always_inline]] inline void keep([[maybe_unused]] V& v) {
#if defined(__x86_64__)
  asm("" : "+v"(v));
#endif
}

/// a (rows, depth), b (depth, vectors), c (rows, vectors)
template <class T, int bytes, int rows, int vectors, TileKind kind>
[[gnu::always_inline]] inline void product(const ProductTile<T>& tile) {
  constexpr int64_t width = bytes / sizeof(T);
  constexpr bool gathered = kind == TileKind::gathered, in_rows = kind == TileKind::in_rows,
                 windowed = kind == TileKind::windowed || kind == TileKind::strided;
  using V = Vector<T, bytes>;
  V sums[rows][vectors];
  const T* row_of_a[rows];
#pragma GCC unroll 12
  for (int row = 0; row < rows; ++row) {
    row_of_a[row] = tile.a + row * tile.a_row;
#pragma GCC unroll 4
    for (int v = 0; v < vectors; ++v)
      sums[row][v] = !tile.start ? V{}
                     : gathered  ? V{} + tile.start[row]
                                 : load<T, bytes>(tile.start + v * width);
  }
  const int64_t step = kind == TileKind::strided ? tile.a_row : 1;
  for (int64_t p = 0; p < tile.depth; ++p) {
    const T* a = tile.a + (windowed ? tile.offsets[p] : p * rows);
    const T* b = tile.b + (gathered ? tile.offsets[p] : p * vectors * width);
    V right[vectors];
#pragma GCC unroll 4
    for (int v = 0; v < vectors; ++v) {
      right[v] = load<T, bytes>(b + v * width);
      keep(right[v]);
    }
#pragma GCC unroll 12
    for (int row = 0; row < rows; ++row) {
      const T left = in_rows ? row_of_a[row][p] : a[row * step];
#pragma GCC unroll 4
      for (int v = 0; v < vectors; ++v) sums[row][v] += left * right[v];
    }
  }
  T* c = tile.c;
#pragma GCC unroll 12
  for (int row = 0; row < rows; ++row, c += tile.c_row)
#pragma GCC unroll 4
    for (int v = 0; v < vectors; ++v) {
      if (tile.add) sums[row][v] += load<T, bytes>(c + v * width);
      store<T, bytes>(c + v * width, sums[row][v]);
    }
}

/// sums (registers) ← sums·factor + term, from different beginnings: equal sums the compiler would
/// compute once.
template <class T, int bytes, int registers>
[[gnu::always_inline]] inline T multiply_add(int64_t rounds, T factor, T term) {
  constexpr int64_t width = bytes / sizeof(T);
  using V = Vector<T, bytes>;
  V sums[registers], all{};
#pragma GCC unroll 24
  for (int i = 0; i < registers; ++i) sums[i] = V{} + static_cast<T>(i);
  for (int64_t round = 0; round < rounds; ++round)
#pragma GCC unroll 24
    for (int i = 0; i < registers; ++i) sums[i] = sums[i] * factor + term;
#pragma GCC unroll 24
  for (int i = 0; i < registers; ++i) all += sums[i];
  return total<T, width>(all);
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
      for (int row = 0; row < rows; ++row) {
        left[row] = load<T, bytes>(a + row * tile.a_row + p);
        keep(left[row]);
      }
#pragma GCC unroll 6
      for (int column = 0; column < columns; ++column) {
        V right = load<T, bytes>(b + tile.offsets[column] + p);
        keep(right);
#pragma GCC unroll 4
        for (int row = 0; row < rows; ++row) sums[row][column] += left[row] * right;
      }
    }
  }
#pragma GCC unroll 4
  for (int row = 0; row < rows; ++row)
#pragma GCC unroll 6
    for (int column = 0; column < columns; ++column)
      tile.c[row * tile.c_row + column] += total<T, width>(sums[row][column]);
}

// The functions for one kind of processor, with its vectors and as many sums as it has registers
// for.
#define GRADUS_TILES(name, attribute, bytes, registers, dot_highest, dot_columns)                  \
  template <class T, int rows, int vectors, TileKind kind>                                         \
  attribute void name##_product(const ProductTile<T>& tile) {                                      \
    product<T, bytes, rows, vectors, kind>(tile);                                                  \
  }                                                                                                \
  template <class T, int rows, int columns>                                                        \
  attribute void name##_dot(const DotTile<T>& tile) {                                              \
    dot<T, bytes, rows, columns>(tile);                                                            \
  }                                                                                                \
  template <class T>                                                                               \
  attribute T name##_multiply_add(int64_t rounds, T factor, T term) {                              \
    return multiply_add<T, bytes, registers>(rounds, factor, term);                                \
  }                                                                                                \
  template <class T, TileKind kind, int vectors, int... rows>                                      \
  void name##_fill(typename Tiles<T>::Product* to, std::integer_sequence<int, rows...>) {          \
    ((to[rows] = &name##_product<T, rows + 1, vectors, kind>), ...);                               \
  }                                                                                                \
  template <class T, int... kinds>                                                                 \
  const typename Tiles<T>::Products* name##_products(std::integer_sequence<int, kinds...>) {       \
    static typename Tiles<T>::Products tables[tile_kinds]{};                                       \
    const auto fill = []<int vectors>(std::integral_constant<int, vectors>) {                      \
      constexpr int highest = std::min<int>(Tiles<T>::highest, registers / vectors);               \
      (name##_fill<T, static_cast<TileKind>(kinds), vectors>(                                      \
           tables[kinds][vectors - 1], std::make_integer_sequence<int, highest>{}),                \
       ...);                                                                                       \
    };                                                                                             \
    fill(std::integral_constant<int, 1>{});                                                        \
    fill(std::integral_constant<int, 2>{});                                                        \
    fill(std::integral_constant<int, 3>{});                                                        \
    fill(std::integral_constant<int, 4>{});                                                        \
    return tables;                                                                                 \
  }                                                                                                \
  template <class T, int... index>                                                                 \
  constexpr auto name##_dots(std::integer_sequence<int, index...>) {                               \
    return std::array{&name##_dot<T, index / dot_columns + 1, index % dot_columns + 1>...};        \
  }                                                                                                \
  template <class T>                                                                               \
  const Tiles<T>& name() {                                                                         \
    static constexpr auto dots =                                                                   \
        name##_dots<T>(std::make_integer_sequence<int, dot_highest * dot_columns>{});              \
    static const Tiles<T> table{bytes / static_cast<int64_t>(sizeof(T)),                           \
                                registers,                                                         \
                                name##_products<T>(std::make_integer_sequence<int, tile_kinds>{}), \
                                dot_highest,                                                       \
                                dot_columns,                                                       \
                                dots.data(),                                                       \
                                &name##_multiply_add<T>};                                          \
    return table;                                                                                  \
  }

#if defined(GRADUS_PORTABLE) && defined(__x86_64__)
GRADUS_TILES(avx512, [[gnu::target("arch=x86-64-v4")]], 64, 24, 4, 6)
GRADUS_TILES(avx2, [[gnu::target("arch=x86-64-v3")]], 32, 12, 3, 4)
GRADUS_TILES(baseline, , 16, 12, 3, 4)
#elif defined(__AVX512F__)
GRADUS_TILES(native, , 64, 24, 4, 6)
#elif defined(__AVX__)
GRADUS_TILES(native, , 32, 12, 3, 4)
#else
GRADUS_TILES(native, , 16, 12, 3, 4)
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
