// ProductTile, DotTile, Tiles: the innermost loops of products and convolutions; their results stay
// in registers.
#pragma once

#include <algorithm>
#include <cstdint>

namespace gradus::kernels {

/// c[i, j] (+)= start + Σₚ a[i, p]·b[p, j]: i over rows, j over `vectors` vectors, p in order.
template <class T>
struct ProductTile {
  int64_t depth;
  const T* a;
  int64_t a_row = 1;  ///< the step of i, for kinds of tile that don't fix it
  const T* b;         ///< contiguous rows, as wide as the tile
  const int64_t* offsets = nullptr;
  T* c;
  int64_t c_row;
  /// Per column j; in gathered tiles per row i. Null means zeros.
  const T* start = nullptr;
  bool add = false;
};

/// How a tile reads its operands. Every instruction besides the multiply-adds costs time, so steps
/// are compile-time constants where possible.
enum class TileKind {
  packed,    ///< a[p·rows + i], b[p·width + j]
  in_rows,   ///< a[i·a_row + p]
  gathered,  ///< as packed, but row p of b starts at offsets[p]
  windowed,  ///< a[offsets[p] + i]
  strided,   ///< a[offsets[p] + i·a_row]
};
inline constexpr int tile_kinds = 5;

/// Vectors of one width, and tiles of a few of them.
struct Widths {
  int64_t vector;  ///< elements of a vector

  /// Vectors of the tiles that cover `extent` elements with the least waste.
  int64_t vectors(int64_t extent) const {
    int64_t best = 2;
    for (const int64_t candidate : {3, 1, 4})
      if (covered(extent, candidate) < covered(extent, best)) best = candidate;
    return best;
  }
  /// `extent` rounded up to whole tiles of so many vectors.
  int64_t covered(int64_t extent, int64_t vectors) const {
    const int64_t width = vectors * vector;
    return (extent + width - 1) / width * width;
  }
};
/// Vectors of 64 bytes. What determines the order of a sum is counted in them, so that it is the
/// same on every processor: the choice of a kernel, and the partial sums of dot tiles.
template <class T>
inline constexpr Widths common_widths{64 / sizeof(T)};

/// c[i, j] += Σₜ Σₚ a[i·a_row + t·a_step + p]·b[offsets[j] + t·b_step + p]: i up to
/// Tiles::dot_rows, j up to Tiles::dot_columns, t over `count` images, p over `depth`, a multiple
/// of a common vector. Places p of the same remainder by its elements have a sum of their own.
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

/// Partial sums of a product whose operands are both read along the depth: that of the places p
/// with the remainder 0 by `partial_sums`, then that with 1, and so on.
inline constexpr int64_t partial_sums = 4;

/// c[i, j] (+)= Σₚ a[i·a_row + p]·b[offsets[j] + p] for few rows i, without packing: the partial
/// sums of each j are the lanes of a vector. j is over columns(rows) columns, p over `depth`.
template <class T>
struct RowsTile {
  static constexpr int64_t most_rows = 4;
  static constexpr int64_t columns(int64_t rows) { return rows > 2 ? 4 : 8; }

  int64_t depth;
  const T* a;
  int64_t a_row;
  const T* b;
  const int64_t* offsets;
  T* c;
  int64_t c_row;
  bool add;
};

/// The tiles for one kind of processor.
template <class T>
struct Tiles : Widths {
  using Product = void (*)(const ProductTile<T>&);
  static constexpr int64_t widest = 4;    ///< vectors
  static constexpr int64_t highest = 12;  ///< rows
  using Products = Product[widest][highest];

  int64_t sums;              ///< number of result vectors that stay in registers
  const Products* products;  ///< for each kind
  int64_t dot_rows, dot_columns;
  void (*const* dots)(const DotTile<T>&);
  void (*rows_tiles[RowsTile<T>::most_rows])(const RowsTile<T>&);
  /// For measuring peak performance: `rounds` times sum ← sum·factor + term for all `sums`; returns
  /// their total.
  T (*multiply_add)(int64_t rounds, T factor, T term);

  /// The function for a tile of `its_rows` rows and so many vectors.
  Product product(TileKind kind, int64_t vectors, int64_t its_rows) const {
    return products[static_cast<int>(kind)][vectors - 1][its_rows - 1];
  }
  /// Rows of the highest product tile with so many vectors.
  int64_t rows(int64_t vectors) const { return std::min(highest, sums / vectors); }
  auto rows_tile(int64_t its_rows) const { return rows_tiles[its_rows - 1]; }
  auto dot(int64_t its_rows, int64_t its_columns) const {
    return dots[(its_rows - 1) * dot_columns + its_columns - 1];
  }
};

/// The height of equal tiles, none higher than `highest`, that cover `rows`.
constexpr int64_t tile_height(int64_t rows, int64_t highest) {
  const int64_t count = std::max<int64_t>(1, (rows + highest - 1) / highest);
  return std::max<int64_t>(1, (rows + count - 1) / count);
}

}  // namespace gradus::kernels
