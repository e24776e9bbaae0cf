#include "optim/search/random_search.hpp"

namespace gradus::optim {

static std::vector<int64_t> primes(std::size_t count) {
  require(count <= 1000, "halton", "there must be at most 1000 dimensions, got {}", count);
  std::vector<int64_t> result;
  for (int64_t n = 2; result.size() < count; ++n)
    if (std::ranges::none_of(result, [&](int64_t p) { return n % p == 0; })) result.push_back(n);
  return result;
}

// The digits of `number` in `base`, mirrored at the radix point. `digit(place, value)` may change
// them; if it keeps 0, the digits end after the last one.
template <class Digit>
static double mirrored(int64_t number, int64_t base, Digit digit) {
  double value = 0, unit = 1;
  for (int place = 0; unit > 1e-16; ++place, number /= base) {
    unit /= static_cast<double>(base);
    value += static_cast<double>(digit(place, number % base)) * unit;
  }
  return std::min(value, 1 - 0x1p-53);
}

Point halton(int64_t index, std::size_t dimensions) {
  Point point;
  for (const int64_t base : primes(dimensions))
    point.push_back(mirrored(index + 1, base, [](int, int64_t digit) { return digit; }));
  return point;
}

Point scrambled_halton(int64_t index, std::size_t dimensions, const Rng& rng) {
  Point point;
  for (const int64_t base : primes(dimensions)) {
    const Rng of_base = rng.fork(static_cast<uint64_t>(base));
    point.push_back(mirrored(index + 1, base, [&](int place, int64_t digit) {
      return of_base.fork(static_cast<uint64_t>(place))
          .permutation(base)[static_cast<std::size_t>(digit)];
    }));
  }
  return point;
}

OptionTable<RandomSearchOptions> RandomSearchOptions::table() {
  return {{"low_discrepancy", &RandomSearchOptions::low_discrepancy,
           "spread points evenly, by a scrambled Halton sequence (Owen 2017)"}};
}

std::optional<Point> RandomSearch::suggest(int64_t draw) {
  if (options_.low_discrepancy)
    return scrambled_halton(next_++, task().space.size(), Rng(task().seed));
  Rng rng = next_rng(draw);
  return random_point(rng);
}

}  // namespace gradus::optim
