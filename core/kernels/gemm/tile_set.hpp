// tile_set: the tiles for one kind of processor. tiles.cpp includes this file once for each kind,
// with its name as GRADUS_TILE_SET, its attribute as GRADUS_TARGET, the number and size of its
// vector registers as GRADUS_REGISTERS and GRADUS_REGISTER_BYTES; by default they are those of the
// target processor. Vectors of GRADUS_VECTOR_BYTES, by default a register, may be several of them.
#include <utility>

#include "core/kernels/gemm/tile.hpp"
#include "core/kernels/simd/fma.hpp"
#include "core/kernels/simd/lanes.hpp"

#ifndef GRADUS_TILE_SET
#define GRADUS_TILE_SET native
#define GRADUS_TARGET
#if defined(__AVX512F__)
#define GRADUS_REGISTERS 32
#define GRADUS_REGISTER_BYTES 64
#elif defined(__AVX__)
#define GRADUS_REGISTERS 16
#define GRADUS_REGISTER_BYTES 32
#elif defined(__aarch64__)
#define GRADUS_REGISTERS 32
#define GRADUS_REGISTER_BYTES 16
#else
#define GRADUS_REGISTERS 16
#define GRADUS_REGISTER_BYTES 16
#endif
#endif
#ifndef GRADUS_VECTOR_BYTES
#define GRADUS_VECTOR_BYTES GRADUS_REGISTER_BYTES
#endif

namespace gradus::kernels {
namespace {
namespace GRADUS_TILE_SET {

constexpr int bytes = GRADUS_VECTOR_BYTES;
// Sums that stay in registers, besides their operands.
constexpr int registers = GRADUS_REGISTERS / 4 * 3;
// A common vector has this many parts; the sums of a dot tile are rows·columns·parts.
constexpr int parts = 64 / bytes, dot_highest = std::max(1, 4 / parts),
              dot_columns = registers / parts / dot_highest;

template <class T>
using Vector __attribute__((vector_size(bytes))) = T;
// Elements of a vector.
template <class T>
[[maybe_unused]] constexpr int64_t elements = bytes / sizeof(T);

template <class T>
[[gnu::always_inline]] inline Vector<T> load(const T* from) {
  Vector<T> v;
  std::memcpy(&v, from, bytes);
  return v;
}

template <class T>
[[gnu::always_inline]] inline void store(T* to, Vector<T> v) {
  std::memcpy(to, &v, bytes);
}

/// Makes the compiler load v from memory once, not at each use.
template <class V>
[[gnu::always_inline]] inline void keep([[maybe_unused]] V& v) {
  if constexpr (sizeof v <= GRADUS_REGISTER_BYTES) {
#if defined(__x86_64__)
    asm("" : "+v"(v));
#elif defined(__aarch64__)
    asm("" : "+w"(v));
#endif
  }
}

/// a (rows, depth), b (depth, vectors), c (rows, vectors)
template <class T, int rows, int vectors, TileKind kind>
GRADUS_TARGET void product(const ProductTile<T>& tile) {
  constexpr int64_t width = elements<T>;
  constexpr bool gathered = kind == TileKind::gathered, in_rows = kind == TileKind::in_rows,
                 windowed = kind == TileKind::windowed || kind == TileKind::strided;
  using V = Vector<T>;
  V sums[rows][vectors];
  const T* row_of_a[rows];
#pragma GCC unroll 12
  for (int row = 0; row < rows; ++row) {
    row_of_a[row] = tile.a + row * tile.a_row;
#pragma GCC unroll 4
    for (int v = 0; v < vectors; ++v)
      sums[row][v] = !tile.start ? V{}
                     : gathered  ? splat<V>(tile.start[row])
                                 : load(tile.start + v * width);
  }
  const int64_t step = kind == TileKind::strided ? tile.a_row : 1;
  for (int64_t p = 0; p < tile.depth; ++p) {
    const T* a = tile.a + (windowed ? tile.offsets[p] : p * rows);
    const T* b = tile.b + (gathered ? tile.offsets[p] : p * vectors * width);
    V right[vectors];
#pragma GCC unroll 4
    for (int v = 0; v < vectors; ++v) {
      right[v] = load(b + v * width);
      keep(right[v]);
    }
#pragma GCC unroll 12
    for (int row = 0; row < rows; ++row) {
      const T left = in_rows ? row_of_a[row][p] : a[row * step];
#pragma GCC unroll 4
      for (int v = 0; v < vectors; ++v) sums[row][v] = fma(splat<V>(left), right[v], sums[row][v]);
    }
  }
  T* c = tile.c;
#pragma GCC unroll 12
  for (int row = 0; row < rows; ++row, c += tile.c_row)
#pragma GCC unroll 4
    for (int v = 0; v < vectors; ++v) {
      if (tile.add) sums[row][v] += load(c + v * width);
      store<T>(c + v * width, sums[row][v]);
    }
}

/// sums (registers) ← sums·factor + term, with different initial values: equal sums would be
/// computed only once by the compiler.
template <class T>
GRADUS_TARGET T multiply_add(int64_t rounds, T factor, T term) {
  constexpr int64_t width = elements<T>;
  using V = Vector<T>;
  V sums[registers], all{};
#pragma GCC unroll 24
  for (int i = 0; i < registers; ++i) sums[i] = splat<V>(static_cast<T>(i));
  for (int64_t round = 0; round < rounds; ++round)
#pragma GCC unroll 24
    for (int i = 0; i < registers; ++i) sums[i] = fma(sums[i], splat<V>(factor), splat<V>(term));
#pragma GCC unroll 24
  for (int i = 0; i < registers; ++i) all += sums[i];
  return total<T, width>(all);
}

/// The sum of the parts of a common vector, halves added to halves.
template <class T>
[[gnu::always_inline]] inline T total_of(Vector<T> (&part)[parts]) {
#pragma GCC unroll 2
  for (int half = parts / 2; half > 0; half /= 2)
#pragma GCC unroll 2
    for (int i = 0; i < half; ++i) part[i] += part[i + half];
  return total<T, elements<T>>(part[0]);
}

/// a (rows, depth) and b (columns, depth) of each image, c (rows, columns)
template <class T, int rows, int columns>
GRADUS_TARGET void dot(const DotTile<T>& tile) {
  constexpr int64_t width = elements<T>;
  using V = Vector<T>;
  V sums[rows][columns][parts];
#pragma GCC unroll 4
  for (int row = 0; row < rows; ++row)
#pragma GCC unroll 6
    for (int column = 0; column < columns; ++column)
#pragma GCC unroll 4
      for (int part = 0; part < parts; ++part) sums[row][column][part] = V{};
  for (int64_t t = 0; t < tile.count; ++t) {
    const T *a = tile.a + t * tile.a_step, *b = tile.b + t * tile.b_step;
    for (int64_t p = 0; p < tile.depth; p += parts * width) {
      V left[rows][parts];
#pragma GCC unroll 4
      for (int row = 0; row < rows; ++row)
#pragma GCC unroll 4
        for (int part = 0; part < parts; ++part) {
          left[row][part] = load(a + row * tile.a_row + p + part * width);
          keep(left[row][part]);
        }
#pragma GCC unroll 6
      for (int column = 0; column < columns; ++column)
#pragma GCC unroll 4
        for (int part = 0; part < parts; ++part) {
          V right = load(b + tile.offsets[column] + p + part * width);
          keep(right);
#pragma GCC unroll 4
          for (int row = 0; row < rows; ++row)
            sums[row][column][part] = fma(left[row][part], right, sums[row][column][part]);
        }
    }
  }
#pragma GCC unroll 4
  for (int row = 0; row < rows; ++row)
#pragma GCC unroll 6
    for (int column = 0; column < columns; ++column)
      tile.c[row * tile.c_row + column] += total_of<T>(sums[row][column]);
}

/// a (rows, depth), b (columns, depth), c (rows, columns)
template <class T, int rows>
GRADUS_TARGET void multiply_rows(const RowsTile<T>& tile) {
  constexpr int columns = RowsTile<T>::columns(rows), pairs = columns / 2;
  using Four = LaneGroup<T, partial_sums>;
  using Pair = LaneGroup<T, 2 * partial_sums>;  // of the sums of two columns
  const auto load_pair = [](const T* first, const T* second) __attribute__((always_inline)) {
    Four left, right;
    std::memcpy(&left, first, sizeof left);
    std::memcpy(&right, second, sizeof right);
    return __builtin_shufflevector(left, right, 0, 1, 2, 3, 4, 5, 6, 7);
  };
  Pair sums[rows][pairs] = {};
  const int64_t rest = tile.depth % partial_sums;
  for (int64_t p = 0; p < tile.depth - rest; p += partial_sums) {
    Pair left[rows];
#pragma GCC unroll 4
    for (int row = 0; row < rows; ++row) {
      const T* const a = tile.a + row * tile.a_row + p;
      left[row] = load_pair(a, a);
    }
#pragma GCC unroll 4
    for (int pair = 0; pair < pairs; ++pair) {
      const T* const b = tile.b + p;
      const Pair right = load_pair(b + tile.offsets[2 * pair], b + tile.offsets[2 * pair + 1]);
#pragma GCC unroll 4
      for (int row = 0; row < rows; ++row) sums[row][pair] = fma(left[row], right, sums[row][pair]);
    }
  }
#pragma GCC unroll 4
  for (int row = 0; row < rows; ++row) {
    const T* const a = tile.a + row * tile.a_row + tile.depth - rest;
#pragma GCC unroll 8
    for (int column = 0; column < columns; ++column) {
      const T* const b = tile.b + tile.offsets[column] + tile.depth - rest;
      T& c = tile.c[row * tile.c_row + column];
#pragma GCC unroll 4
      for (int i = 0; i < partial_sums; ++i) {
        T sum = sums[row][column / 2][column % 2 * partial_sums + i];
        if (i < rest) sum = fma(a[i], b[i], sum);
        c = i > 0 || tile.add ? c + sum : sum;
      }
    }
  }
}

template <class T, TileKind kind, int vectors, int... rows>
void fill(typename Tiles<T>::Product* to, std::integer_sequence<int, rows...>) {
  ((to[rows] = &product<T, rows + 1, vectors, kind>), ...);
}

// The tiles of each kind, with as many vectors and rows as registers allow.
template <class T, int... kinds>
const typename Tiles<T>::Products* products(std::integer_sequence<int, kinds...>) {
  static typename Tiles<T>::Products tables[tile_kinds]{};
  const auto fill_width = []<int vectors>(std::integral_constant<int, vectors>) {
    constexpr int highest = std::min<int>(Tiles<T>::highest, registers / vectors);
    (fill<T, static_cast<TileKind>(kinds), vectors>(tables[kinds][vectors - 1],
                                                    std::make_integer_sequence<int, highest>{}),
     ...);
  };
  fill_width(std::integral_constant<int, 1>{});
  fill_width(std::integral_constant<int, 2>{});
  fill_width(std::integral_constant<int, 3>{});
  fill_width(std::integral_constant<int, 4>{});
  return tables;
}

template <class T, int... index>
constexpr auto dots(std::integer_sequence<int, index...>) {
  return std::array{&dot<T, index / dot_columns + 1, index % dot_columns + 1>...};
}

template <class T>
const Tiles<T>& tiles() {
  static constexpr auto all_dots =
      dots<T>(std::make_integer_sequence<int, dot_highest * dot_columns>{});
  static const Tiles<T> table{
      {elements<T>},
      registers,
      products<T>(std::make_integer_sequence<int, tile_kinds>{}),
      dot_highest,
      dot_columns,
      all_dots.data(),
      {&multiply_rows<T, 1>, &multiply_rows<T, 2>, &multiply_rows<T, 3>, &multiply_rows<T, 4>},
      &multiply_add<T>};
  return table;
}

}  // namespace GRADUS_TILE_SET
}  // namespace
}  // namespace gradus::kernels

#undef GRADUS_TILE_SET
#undef GRADUS_TARGET
#undef GRADUS_REGISTERS
#undef GRADUS_REGISTER_BYTES
#undef GRADUS_VECTOR_BYTES
