#include "data/sets/digits.hpp"

#include <algorithm>

#include "data/sets/built_in.hpp"

namespace gradus::data {
namespace {

constexpr int small = 8, enlarged = 20, side = 28, ink = 16;

// The two source pixels that pixel i of the enlarged row lies between, and the second one's weight
// in units of 1/(2·enlarged): pixel centres at (i + ½)·small/enlarged − ½.
struct Between {
  int first, second, weight;
};

Between between(int i) {
  constexpr int unit = 2 * enlarged;
  const int position = std::clamp(small * (2 * i + 1) - enlarged, 0, (small - 1) * unit);
  const int first = position / unit;
  return {first, std::min(first + 1, small - 1), position % unit};
}

// from (8, 8) of 0 … 16 → to (28, 28) of 0 … 255. In integers, so that the result is the same on
// every processor.
void enlarge(const float* from, uint8_t* to) {
  constexpr int unit = 2 * enlarged, margin = (side - enlarged) / 2, whole = unit * unit * ink;
  const auto pixel = [&](int y, int x) { return static_cast<int>(from[y * small + x]); };
  for (int y = 0; y < enlarged; ++y) {
    const auto [top, bottom, down] = between(y);
    for (int x = 0; x < enlarged; ++x) {
      const auto [left, right, across] = between(x);
      const int above = pixel(top, left) * (unit - across) + pixel(top, right) * across;
      const int below = pixel(bottom, left) * (unit - across) + pixel(bottom, right) * across;
      const int sum = above * (unit - down) + below * down;
      to[(y + margin) * side + x + margin] = static_cast<uint8_t>((sum * 255 + whole / 2) / whole);
    }
  }
}

}  // namespace

Split digits() {
  const DataTable table = built_in_table("digits");
  const std::vector<int64_t> labels = table.targets.values.to_vector<int64_t>();
  const std::size_t count = labels.size();
  std::vector<uint8_t> images(count * side * side);
  for (std::size_t i = 0; i < count; ++i)
    enlarge(table.values.data() + i * small * small, images.data() + i * side * side);
  return normalized_by_train(
      built_in_split(Dataset::of_bytes(std::move(images), {1, side, side}, labels, 10)));
}

}  // namespace gradus::data
