// The innermost loops of products and convolutions: tiles of results that stay in registers.
#pragma once

#include <cstdint>

namespace gradus::kernels {

/// c[i, j] (+)= start[j] + Σₚ a[i, p]·b[p, j]: i up to Tiles::rows, j over two vectors, p in its
/// order.
template <class T>
struct ProductTile {
  int64_t depth;
  const T* a;
  int64_t a_row, a_column;  ///< steps of i and p
  const T* b;               ///< row after row
  /// Where row p of b, or column p of a, starts instead.
  const int64_t* offsets = nullptr;
  T* c;
  int64_t c_row;
  const T* start = nullptr;  ///< zeros without
  bool add;
};

/// c[i, j] += Σₜ Σₚ a[i·a_row + t·a_step + p]·b[offsets[j] + t·b_step + p]: i up to
/// Tiles::dot_rows, j up to Tiles::dot_columns, t over `count` images, p over `depth`, a multiple
/// of a vector.
template <class T>
struct DotTile {
  int64_t depth, count;
  const T* a;
  int64_t a_row, a_step;
  const T* b;
  const int64_t* offsets;
  int64_t b_step;
  T* c;
  int64_t c_row;
};

/// The tiles for this processor. The product's functions are indexed by the number of rows less
/// one.
template <class T>
struct Tiles {
  int64_t vector;  ///< elements of a vector
  int64_t rows;    ///< of the highest product tile
  void (*const* packed)(const ProductTile<T>&);
  void (*const* gathered)(const ProductTile<T>&);  ///< with offsets into b
  void (*const* windowed)(const ProductTile<T>&);  ///< with offsets into a
  int64_t dot_rows, dot_columns;
  void (*const* dots)(const DotTile<T>&);

  int64_t width() const { return 2 * vector; }
  auto dot(int64_t its_rows, int64_t its_columns) const {
    return dots[(its_rows - 1) * dot_columns + its_columns - 1];
  }
};

template <class T>
const Tiles<T>& tiles();

/// The height of equal tiles, none higher than `highest`, that cover `rows`.
constexpr int64_t tile_height(int64_t rows, int64_t highest) {
  const int64_t count = (rows + highest - 1) / highest;
  return (rows + count - 1) / count;
}

}  // namespace gradus::kernels
