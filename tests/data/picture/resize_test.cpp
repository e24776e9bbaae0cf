#include "data/picture/resize.hpp"

#include <doctest/doctest.h>

#include "core/parallel.hpp"
#include "core/random.hpp"
#include "tests/refuses.hpp"

using namespace gradus;
using data::Fit;
using data::ImageBytes;
using testing::refuses;

namespace {

using ByteValues = std::vector<uint8_t>;

ImageBytes pattern(int64_t height, int64_t width, int64_t channels) {
  ImageBytes image{channels, height, width, {}};
  for (int64_t y = 0; y < height; ++y)
    for (int64_t x = 0; x < width; ++x)
      for (int64_t c = 0; c < channels; ++c)
        image.values.push_back(
            static_cast<uint8_t>((y * y * 37 + x * x * 11 + x * y * 53 + c * 91) % 256));
  return image;
}

ImageBytes row_of(ByteValues values) {
  const auto width = static_cast<int64_t>(values.size());
  return {1, 1, width, std::move(values)};
}

void check_within_one(const ImageBytes& image, const ByteValues& expected) {
  REQUIRE(image.values.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    CHECK(std::abs(image.values[i] - expected[i]) <= 1);
  }
}

}  // namespace

TEST_CASE("pictures are scaled as by the Python Imaging Library's BILINEAR") {
  check_within_one(data::resized(pattern(9, 13, 1), 4, 3),
                   {88, 136, 121, 121, 139, 135, 125, 134, 122, 136, 133, 131});
  check_within_one(data::resized(pattern(3, 4, 1), 5, 7),
                   {0,   4,  10, 28,  48, 79, 99,  15,  26, 44, 74,  99, 84, 75, 37,  60, 96, 144,
                    176, 92, 39, 104, 83, 50, 105, 155, 89, 47, 148, 98, 19, 79, 141, 87, 53});
  check_within_one(
      data::resized(pattern(10, 6, 3), 3, 2),
      {89, 135, 137, 126, 109, 135, 120, 130, 133, 127, 150, 101, 144, 136, 135, 149, 154, 101});
  check_within_one(data::resized(pattern(5, 5, 1), 1, 1), {106});
}

TEST_CASE("a picture of the wanted size keeps its bytes, and an even one its value at any size") {
  const ImageBytes image = pattern(5, 7, 3);
  CHECK(data::resized(image, 5, 7).values == image.values);
  for (const Fit fit : {Fit::crop, Fit::pad, Fit::stretch})
    CHECK(data::fitted(image, 5, 7, fit).values == image.values);
  for (const int64_t extent : {1, 2, 3, 64, 129})
    for (const uint8_t value : {0, 77, 255}) {
      const ImageBytes even = data::resized({1, 37, 64, ByteValues(37 * 64, value)}, extent, 3);
      CHECK(even.values == ByteValues(static_cast<std::size_t>(3 * extent), value));
    }
  CHECK(data::resized(row_of({9}), 2, 3).values == ByteValues(6, 9));
  CHECK(data::resized(row_of(ByteValues(1000, 255)), 1, 1).values == ByteValues{255});
}

TEST_CASE("a scaled picture has the same bytes with any number of threads") {
  ImageBytes image{3, 301, 407, ByteValues(301 * 407 * 3)};
  Rng rng(1);
  for (uint8_t& value : image.values) value = static_cast<uint8_t>(rng.below(256));
  const int before = num_threads();
  set_num_threads(1);
  const ByteValues alone = data::resized(image, 150, 220).values;
  set_num_threads(3);
  CHECK(data::resized(image, 150, 220).values == alone);
  set_num_threads(before);
}

TEST_CASE("a picture is fitted by a cut, by a black border or by another proportion") {
  const ImageBytes wide = row_of({10, 20, 30, 40, 50});
  CHECK(data::fitted(wide, 1, 3, Fit::crop).values == ByteValues{20, 30, 40});
  CHECK(data::fitted(wide, 1, 2, Fit::crop).values == ByteValues{20, 30});
  CHECK(data::fitted(wide, 3, 5, Fit::pad).values ==
        ByteValues{0, 0, 0, 0, 0, 10, 20, 30, 40, 50, 0, 0, 0, 0, 0});
  CHECK(data::fitted(wide, 1, 7, Fit::pad).values == ByteValues{0, 10, 20, 30, 40, 50, 0});
  CHECK(data::fitted(wide, 2, 5, Fit::stretch).values ==
        ByteValues{10, 20, 30, 40, 50, 10, 20, 30, 40, 50});
  // A square of the middle is as the middle alone, but for the pixels beside it.
  const ImageBytes square = data::fitted(pattern(40, 80, 3), 20, 20, Fit::crop);
  CHECK(square.height == 20);
  CHECK(square.width == 20);
  CHECK(square.channels == 3);
  const ImageBytes all = data::resized(pattern(40, 80, 3), 20, 40);
  for (int64_t y = 0; y < 20; ++y)
    CHECK(std::equal(square.values.begin() + y * 60, square.values.begin() + (y + 1) * 60,
                     all.values.begin() + y * 120 + 30));
  // Whatever is thin keeps a pixel.
  CHECK(data::fitted(row_of(ByteValues(100, 8)), 4, 4, Fit::pad).values ==
        ByteValues{0, 0, 0, 0, 8, 8, 8, 8, 0, 0, 0, 0, 0, 0, 0, 0});
}

TEST_CASE("colours become grey by their luma, and grey three equal colours") {
  CHECK(data::to_channels(pattern(2, 3, 3), 1).values == ByteValues{74, 85, 118, 111, 146, 82});
  CHECK(data::to_channels({3, 1, 1, {255, 255, 255}}, 1).values == ByteValues{255});
  CHECK(data::to_channels(row_of({1, 2}), 3).values == ByteValues{1, 1, 1, 2, 2, 2});
  CHECK(data::to_channels(row_of({1, 2}), 1).values == ByteValues{1, 2});
  CHECK(data::to_channels(pattern(2, 3, 3), 3).values == pattern(2, 3, 3).values);
}

TEST_CASE("sizes and channels that can't be are refused") {
  refuses([] { data::resized(row_of({1}), 0, 3); },
          "[resized] height and width must be from 1 to 2^20, with at most 2^28 values, got 0 and "
          "3");
  refuses([] { data::fitted(row_of({1}), 1 << 20, 1 << 20); },
          "[fitted] height and width must be from 1 to 2^20, with at most 2^28 values, got 1048576 "
          "and 1048576");
  refuses(
      [] {
        data::resized({3, 2, 2, ByteValues(11)}, 1, 1);
      },
      "[resized] the image isn't whole: 3 channels, 2×2 pixels, 11 values");
  refuses([] { data::fitted({}, 1, 1); },
          "[fitted] the image isn't whole: 0 channels, 0×0 pixels, 0 values");
  refuses([] { data::to_channels(row_of({1}), 4); },
          "[to_channels] channels must be 1 or 3, got 1 to 4");
}
