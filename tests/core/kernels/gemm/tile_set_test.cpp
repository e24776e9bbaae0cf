// tile_set: the order of sums, with vectors of 64 bytes on any processor and with the narrowest.
#include <doctest/doctest.h>

#include "core/kernels/gemm/tiles.hpp"
#include "core/random.hpp"

#define GRADUS_TILE_SET wide
#define GRADUS_TARGET
#define GRADUS_REGISTERS 32
#define GRADUS_REGISTER_BYTES 16
#define GRADUS_VECTOR_BYTES 64
#include "core/kernels/gemm/tile_set.hpp"
#define GRADUS_TILE_SET narrow
#define GRADUS_TARGET
#define GRADUS_REGISTERS 16
#define GRADUS_REGISTER_BYTES 16
#include "core/kernels/gemm/tile_set.hpp"

namespace gradus::kernels {
namespace {

template <class T>
std::vector<T> random_values(int64_t n, Rng& rng) {
  const Tensor values = randn({n}, rng, dtype_of<T>);
  return {values.data<T>(), values.data<T>() + n};
}

// A product whose result is four common vectors wide.
template <class T>
struct Product {
  Product(int64_t its_rows, int64_t its_depth, Rng& rng)
      : rows(its_rows),
        depth(its_depth),
        a(random_values<T>(depth * (width + rows), rng)),
        b(random_values<T>(depth * width, rng)),
        start(random_values<T>(width, rng)),
        before(random_values<T>(rows * width, rng)) {
    for (int64_t p = 0; p < depth; ++p) offsets.push_back(p * width);
  }

  /// The result by tiles that are `across` wide.
  std::vector<T> by(typename Tiles<T>::Product tile, TileKind kind, int64_t across) const {
    std::vector<T> c = before, packed(static_cast<std::size_t>(depth * across));
    const bool gathered = kind == TileKind::gathered;
    for (int64_t column = 0; column < width; column += across) {
      for (int64_t p = 0; p < depth; ++p)
        std::copy_n(b.data() + p * width + column, across, packed.data() + p * across);
      tile({.depth = depth,
            .a = a.data(),
            .a_row = depth,
            .b = gathered ? b.data() + column : packed.data(),
            .offsets = offsets.data(),
            .c = c.data() + column,
            .c_row = width,
            .start = gathered ? start.data() : start.data() + column,
            .add = true});
    }
    return c;
  }

  static constexpr int64_t width = 4 * common_widths<T>.vector;
  int64_t rows, depth;
  std::vector<T> a, b, start, before;
  std::vector<int64_t> offsets;
};

template <class T, int rows, TileKind kind>
void check_product(Rng& rng) {
  CAPTURE(rows);
  const Product<T> product(rows, 1 + static_cast<int64_t>(rng.uniform() * 40), rng);
  const Tiles<T>& chosen = tiles<T>();
  const std::vector<T> c = product.by(chosen.product(kind, 1, rows), kind, chosen.vector);
  CHECK(c != product.before);
  CHECK(c == product.by(wide::product<T, rows, 2, kind>, kind, 2 * wide::elements<T>));
  CHECK(c == product.by(narrow::product<T, rows, 1, kind>, kind, narrow::elements<T>));
}

// The dots of each row of a and each row of b, summed over images, by tiles of this size.
template <class T>
std::vector<T> dots_by(void (*tile)(const DotTile<T>&), int64_t rows, int64_t columns,
                       int64_t depth, const std::vector<T>& a, const std::vector<T>& b) {
  constexpr int64_t all_rows = 4, all_columns = 6, images = 3;
  std::vector<T> c(all_rows * all_columns, 1);
  std::vector<int64_t> offsets;
  for (int64_t column = 0; column < columns; ++column) offsets.push_back(column * depth);
  for (int64_t row = 0; row < all_rows; row += rows)
    for (int64_t column = 0; column < all_columns; column += columns)
      tile({.depth = depth,
            .count = images,
            .a = a.data() + row * depth,
            .a_row = depth,
            .a_step = all_rows * depth,
            .b = b.data() + column * depth,
            .offsets = offsets.data(),
            .b_step = all_columns * depth,
            .c = c.data() + row * all_columns + column,
            .c_row = all_columns});
  return c;
}

}  // namespace

TEST_CASE_TEMPLATE("Tiles of products have the same bits with vectors of any width", T, float,
                   double) {
  Rng rng(1);
  for (int repetition = 0; repetition < 10; ++repetition) {
    check_product<T, 1, TileKind::packed>(rng);
    check_product<T, 5, TileKind::in_rows>(rng);
    check_product<T, 12, TileKind::gathered>(rng);
    check_product<T, 2, TileKind::windowed>(rng);
    check_product<T, 7, TileKind::strided>(rng);
  }
}

TEST_CASE_TEMPLATE("Tiles of dots have the same bits with vectors of any width", T, float, double) {
  Rng rng(2);
  for (int64_t vectors = 1; vectors < 8; ++vectors) {
    const int64_t depth = vectors * common_widths<T>.vector;
    const std::vector<T> a = random_values<T>(3 * 4 * depth, rng),
                         b = random_values<T>(3 * 6 * depth, rng);
    const std::vector<T> c = dots_by<T>(tiles<T>().dot(1, 1), 1, 1, depth, a, b);
    CHECK(c == dots_by<T>(wide::dot<T, 4, 6>, 4, 6, depth, a, b));
    CHECK(c == dots_by<T>(wide::dot<T, 1, 2>, 1, 2, depth, a, b));
    CHECK(c == dots_by<T>(narrow::dot<T, 1, 3>, 1, 3, depth, a, b));
  }
}

}  // namespace gradus::kernels
