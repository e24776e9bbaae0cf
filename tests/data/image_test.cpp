#include "data/image.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/random.hpp"
#include "tests/temporary_folder.hpp"

using namespace gradus;
using data::read_image;
using namespace std::string_literals;

namespace {

using Values = std::vector<float>;

std::string big_endian(std::size_t value) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(value >> shift & 0xFF);
  return text;
}

std::string chunk(const std::string& type, const std::string& content) {
  const std::string checked = type + content;
  const auto sum =
      crc32(0, reinterpret_cast<const Bytef*>(checked.data()), static_cast<uInt>(checked.size()));
  return big_endian(content.size()) + checked + big_endian(sum);
}

// A PNG made by hand: rows as the format has them, each with its filter's byte.
std::string png(std::size_t width, std::size_t height, int bits, int kind, const std::string& rows,
                const std::string& others = "", int interlaced = 0) {
  std::string compressed(compressBound(static_cast<uLong>(rows.size())), '\0');
  auto size = static_cast<uLongf>(compressed.size());
  compress(reinterpret_cast<Bytef*>(compressed.data()), &size,
           reinterpret_cast<const Bytef*>(rows.data()), static_cast<uLong>(rows.size()));
  compressed.resize(size);
  const std::string header = big_endian(width) + big_endian(height) + static_cast<char>(bits) +
                             static_cast<char>(kind) + std::string(2, '\0') +
                             static_cast<char>(interlaced);
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + others + chunk("IDAT", compressed) +
         chunk("IEND", "");
}

// `path: text`.
std::string at(const std::string& path, const std::string& text) {
  return path + ": " + text;
}

}  // namespace

TEST_CASE("images written as PNG, PGM and PPM come back, with 8 and 16 bits") {
  const TemporaryFolder folder;
  Rng rng(1);
  for (const int64_t channels : {1, 3})
    for (const int bits : {8, 16}) {
      const Tensor image = rand({channels, 5, 7}, rng);
      data::write_png(folder.path("a"), image, {.bits = bits});
      data::write_pnm(folder.path("b"), image, {.bits = bits});
      const Tensor from_png = read_image(folder.path("a"));
      CHECK(from_png.shape() == image.shape());
      CHECK(from_png.to_vector<float>() == read_image(folder.path("b")).to_vector<float>());
      const double step = 1 / (std::exp2(bits) - 1);
      for (int64_t i = 0; i < image.numel(); ++i)
        CHECK(std::abs(from_png.data<float>()[i] - image.data<float>()[i]) < 0.501 * step);
    }
}

TEST_CASE("values beyond black and white are cut off, and a matrix is a grey image") {
  const TemporaryFolder folder;
  data::write_pnm(folder.path("a"), Tensor::from(Values{-3, 0.5f, 7, 1}, {2, 2}));
  CHECK(read_image(folder.path("a")).to_vector<float>() == Values{0, 128.f / 255, 1, 1});
  std::ifstream file(folder.path("a"), std::ios::binary);
  CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == "P5\n2 2\n255\n\x00\x80\xff\xff"s);
}

TEST_CASE("PNG of every kind is read: few bits, palettes, transparency, interlaced") {
  const TemporaryFolder folder;
  const auto values = [&](const std::string& content) {
    return read_image(folder.write("a.png", content)).to_vector<float>();
  };
  CHECK(values(png(3, 1, 1, 0, "\0\xa0"s)) == Values{1, 0, 1});
  CHECK(values(png(2, 1, 4, 0, "\0\x3f"s)) == Values{0.2f, 1});
  CHECK(values(png(2, 2, 8, 0, "\0\0\xff\2\0\0"s)) == Values{0, 1, 0, 1});  // the second like above
  CHECK(values(png(1, 1, 16, 0, "\0\x80\0"s)) == Values{32768.f / 65535});
  CHECK(values(png(1, 1, 8, 2, "\0\xff\0\x33"s)) == Values{1, 0, 0.2f});
  CHECK(values(png(1, 1, 8, 4, "\0\x33\x01"s)) == Values{0.2f});
  CHECK(values(png(1, 1, 8, 6, "\0\xff\0\x33\0"s)) == Values{1, 0, 0.2f});
  CHECK(values(png(2, 1, 8, 3, "\0\1\0"s, chunk("PLTE", "\0\0\0\xff\x33\0"s))) ==
        Values{1, 0, 0.2f, 0, 0, 0});
  // Adam's order of a 2×2 image: the first pixel, its right neighbour, the second row.
  CHECK(values(png(2, 2, 8, 0, "\0\x00\0\x33\0\x66\xff"s, "", 1)) == Values{0, 0.2f, 0.4f, 1});
}

TEST_CASE("PGM and PPM are read as text and binary, with comments and other whites") {
  const TemporaryFolder folder;
  const auto values = [&](const std::string& content) {
    return read_image(folder.write("a", content)).to_vector<float>();
  };
  CHECK(values("P2 # grey\n2 1\n#white\n4\n1 4\n") == Values{0.25f, 1});
  CHECK(values("P3\n1 1\n255\n255 0 51\n") == Values{1, 0, 0.2f});
  CHECK(values("P5 1 2 10\n\5\n"s) == Values{0.5f, 1});
  CHECK(values("P6\n1\n1\n65535\n\xff\xff\0\0\x33\x33"s) == Values{1, 0, 0.2f});
}

TEST_CASE("damaged images are errors of one line that name the file") {
  const TemporaryFolder folder;
  const auto check = [&](const std::string& content, const std::string& text) {
    const std::string path = folder.write("a", content);
    CHECK_THROWS_WITH_AS(read_image(path), at(path, text).c_str(), std::runtime_error);
  };
  const std::string whole = png(2, 2, 8, 0, "\0\0\xff\0\0\0"s);
  CHECK_THROWS_WITH(read_image(folder.path("none")),
                    at(folder.path("none"), "no such file").c_str());
  check("", "neither PNG nor PGM nor PPM");
  check("P7\n", "neither PNG nor PGM nor PPM");
  check("P5 2 ", "cut off: the height is missing");
  check("P5 0 1 255\n", "the width is no number from 1 to 1048576");
  check("P5 x 1 255\n", "the width is no number from 1 to 1048576");
  check("P5 1 1 70000\n", "the largest value is no number from 1 to 65535");
  check("P5 99999999999999999999 1 255\n", "the width is no number from 1 to 1048576");
  check("P5 1048576 1048576 255\n",
        "its header promises 1048576x1048576 pixels, more than 2^28 values");
  check("P5 16384 16384 255\n", "cut off: 268435456 values are missing");
  check("P6 2 1 255\nabcd", "cut off: 2 values are missing");
  check("P5 1 1 10\n\13", "a value is 11, above the largest, 10");
  check("P2 2 1 255 17 x", "the value is no number from 0 to 65535");
  check(whole.substr(0, whole.size() - 20), "damaged PNG: cut off");
  check(png(100000, 100000, 8, 0, "\0"s),
        "its header promises 100000x100000 pixels, more than 2^28 values");
  std::string flipped = whole;
  flipped[20] = 9;
  check(flipped, "damaged PNG: IHDR: CRC error");
  for (std::size_t cut = 1; cut < whole.size(); ++cut)
    CHECK_THROWS_AS(read_image(folder.write("a", whole.substr(0, cut))), std::runtime_error);
}

TEST_CASE("images of other shapes and options aren't written") {
  const TemporaryFolder folder;
  const std::string path = folder.path("a");
  CHECK_THROWS_WITH(data::to_png(Tensor::zeros({2, 4, 4})),
                    "[to_png] needs (H, W), (1, H, W) or (3, H, W), got (2, 4, 4)");
  CHECK_THROWS_WITH_AS(data::write_png(path, Tensor::zeros({2, 4, 4})),
                       "[write_png] needs (H, W), (1, H, W) or (3, H, W), got (2, 4, 4)",
                       std::invalid_argument);
  CHECK_THROWS_WITH(data::write_pnm(path, Tensor::zeros({4, 4}), {.bits = 4}),
                    "[write_pnm] bits is 8 or 16, got 4");
  CHECK_THROWS_WITH(
      data::write_png(path, Tensor::full({1, 1}, std::numeric_limits<double>::quiet_NaN())),
      "[write_png] a value is NaN");
  CHECK(folder.files() == 0);
}

TEST_CASE("a contact sheet shows images side by side, row by row") {
  Tensor images = Tensor::zeros({3, 1, 1, 2});
  for (int64_t i = 0; i < 6; ++i) images.mutable_data<float>()[i] = static_cast<float>(i) / 10;
  const Tensor sheet = data::tile(images, {.columns = 2, .gap = 1, .background = 9});
  CHECK(sheet.shape() == Shape{1, 5, 7});
  CHECK(sheet.to_vector<float>() == Values{9, 9,   9,   9, 9,   9,   9,  //
                                           9, 0,   .1f, 9, .2f, .3f, 9,  //
                                           9, 9,   9,   9, 9,   9,   9,  //
                                           9, .4f, .5f, 9, 9,   9,   9,  //
                                           9, 9,   9,   9, 9,   9,   9});
  CHECK(data::tile(Tensor::zeros({10, 3, 4, 4})).shape() == Shape{3, 20, 26});
  CHECK_THROWS_WITH(data::tile(Tensor::zeros({4, 4})),
                    "[tile] needs images (N, C, H, W), got (4, 4)");
  CHECK_THROWS_WITH(data::tile(images, {.gap = -1}),
                    "[tile] columns and gap are 0 or more, got 0 and -1");
}
