#include "data/picture/framing.hpp"

#include <doctest/doctest.h>

#include "data/sets/digits.hpp"
#include "data/sets/toy.hpp"

using namespace gradus;
using data::Dataset;

namespace {

// A hundred images 16×16 of a rectangle 10 high and 3 wide with a foot of `foot` pixels, put so
// that `row` and `column` tell where its first pixel lies.
template <class Place>
Dataset feet(uint8_t ground, uint8_t ink, Place place) {
  std::vector<uint8_t> values;
  for (int64_t i = 0; i < 100; ++i) {
    std::vector<uint8_t> image(16 * 16, ground);
    const int64_t foot = i % 4;
    const auto [row, column] = place(foot);
    for (int64_t y = 0; y < 10; ++y)
      for (int64_t x = 0; x < (y == 9 ? 3 + foot : 3); ++x)
        image[static_cast<std::size_t>((row + y) * 16 + column + x)] = ink;
    values.insert(values.end(), image.begin(), image.end());
  }
  return Dataset::of_bytes(values, {1, 16, 16}, std::vector<int64_t>(100), 2);
}

}  // namespace

TEST_CASE("the framing of the digits is found: 20 pixels, their boxes in the middle of 28") {
  const std::optional<data::Framing> framing = data::find_framing(data::digits().train);
  REQUIRE(framing);
  CHECK(framing->ground == 0);
  CHECK(framing->extent == 20);
  CHECK_FALSE(framing->by_mass);
  CHECK(framing->row == 13.5);
  CHECK(framing->column == 13.5);
  CHECK(framing->stroke == doctest::Approx(3.79).epsilon(0.01));
}

TEST_CASE("the framing tells ground and ink apart, and which middle is the same in all images") {
  const auto by_corner = [](int64_t) { return std::pair<int64_t, int64_t>{3, 5}; };
  const auto by_right_end = [](int64_t foot) {
    return std::pair<int64_t, int64_t>{3, 5 - foot / 2};
  };
  for (const bool light : {false, true}) {
    const uint8_t ground = light ? 255 : 0, ink = light ? 0 : 255;
    const auto by_mass = data::find_framing(feet(ground, ink, by_corner));
    REQUIRE(by_mass);
    CHECK(by_mass->ground == (light ? 1 : 0));
    CHECK(by_mass->extent == 10);
    CHECK(by_mass->by_mass);  // a foot moves it less than the box's
    // Between that of a foot of 1 and that of a foot of 2.
    CHECK(by_mass->row == doctest::Approx((237.0 / 31 + 249.0 / 32) / 2));
    const auto by_box = data::find_framing(feet(ground, ink, by_right_end));
    REQUIRE(by_box);
    CHECK_FALSE(by_box->by_mass);
    CHECK(by_box->row == 7.5);
  }
}

TEST_CASE("samples without an even ground have no framing") {
  Rng rng(1);
  CHECK_FALSE(data::find_framing(data::moons({}, rng).train));
  std::vector<uint8_t> noise(20 * 64);
  for (uint8_t& value : noise) value = static_cast<uint8_t>(rng.bits() & 0xFF);
  const std::vector<int64_t> labels(20);
  CHECK_FALSE(data::find_framing(Dataset::of_bytes(noise, {1, 8, 8}, labels, 2)));
  const std::vector<uint8_t> black(20 * 32);
  CHECK_FALSE(data::find_framing(Dataset::of_bytes(black, {2, 4, 4}, labels, 2)));  // two channels
  CHECK_FALSE(data::find_framing(
      Dataset::of_bytes(std::vector<uint8_t>(20 * 16), {1, 4, 4}, labels, 2)));  // nothing in them
}
