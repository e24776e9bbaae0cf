#include "data/files/image.hpp"

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

std::string from_hexadecimal(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2)
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  return bytes;
}

// `path: text`.
std::string at(const std::string& path, const std::string& text) {
  return path + ": " + text;
}

// JPEG files as the Python Imaging Library writes them: 8 pixels of 30 beside 8 of 200; a square of
// (250, 120, 20); a square of four colours.
const std::string grey_jpeg = from_hexadecimal(
    "ffd8ffe000104a46494600010100000100010000ffdb00430003020203020203030303040303040508050504"
    "04050a070706080c0a0c0c0b0a0b0b0d0e12100d0e110e0b0b1016101113141515150c0f1718161418121415"
    "14ffc0000b080008001001011100ffc40014000100000000000000000000000000000009ffc4001410010000"
    "0000000000000000000000000000ffda0008010100003f003e8e2bffd9");
const std::string colour_jpeg = from_hexadecimal(
    "ffd8ffe000104a46494600010100000100010000ffdb004300100b0c0e0c0a100e0d0e1211101318281a1816"
    "16183123251d283a333d3c3933383740485c4e404457453738506d51575f626768673e4d71797064785c6567"
    "63ffdb0043011112121815182f1a1a2f63423842636363636363636363636363636363636363636363636363"
    "6363636363636363636363636363636363636363636363636363ffc000110800080008030111000211010311"
    "01ffc40014000100000000000000000000000000000004ffc400141001000000000000000000000000000000"
    "00ffc40014010100000000000000000000000000000006ffc400141101000000000000000000000000000000"
    "00ffda000c03010002110311003f0050e913ffd9");
const std::string print_jpeg = from_hexadecimal(
    "ffd8ffee000e41646f626500640000000000ffdb004300100b0c0e0c0a100e0d0e1211101318281a18161618"
    "3123251d283a333d3c3933383740485c4e404457453738506d51575f626768673e4d71797064785c656763ff"
    "c000140800080008044311004d11005911004b1100ffc40014000100000000000000000000000000000006ff"
    "c40014100100000000000000000000000000000000ffda000e0443004d0059004b00003f0076346258ffd9");
// A segment of a JPEG: the camera was held so that the first row is on the right.
const std::string orientation_6 =
    "\xff\xe1\0\x22"
    "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"s;

}  // namespace

TEST_CASE("images written as PNG, PGM and PPM are read back, with 8 and 16 bits") {
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

TEST_CASE("PNG of every kind is read: few bits, palettes, interlaced, transparency") {
  const TemporaryFolder folder;
  const auto values = [&](const std::string& content) {
    return read_image(folder.write("a.png", content)).to_vector<float>();
  };
  CHECK(values(png(3, 1, 1, 0, "\0\xa0"s)) == Values{1, 0, 1});
  CHECK(values(png(2, 1, 4, 0, "\0\x3f"s)) == Values{0.2f, 1});
  CHECK(values(png(2, 2, 8, 0, "\0\0\xff\2\0\0"s)) == Values{0, 1, 0, 1});  // the second like above
  CHECK(values(png(1, 1, 16, 0, "\0\x80\0"s)) == Values{32768.f / 65535});
  CHECK(values(png(1, 1, 8, 2, "\0\xff\0\x33"s)) == Values{1, 0, 0.2f});
  // Transparent pixels are put on white: value 0.2 with opacity 0.2 is 0.84, rounded to 1/255.
  CHECK(values(png(1, 1, 8, 4, "\0\x33\xff"s)) == Values{0.2f});
  CHECK(values(png(2, 1, 8, 4, "\0\x33\x33\x33\0"s)) == Values{214.f / 255, 1});
  CHECK(values(png(1, 1, 8, 6, "\0\xff\0\x33\0"s)) == Values{1, 1, 1});
  CHECK(values(png(1, 1, 16, 4, "\0\0\0\x80\0"s)) == Values{32767.f / 65535});
  CHECK(values(png(2, 1, 8, 3, "\0\1\0"s,
                   chunk("PLTE", "\0\0\0\xff\x33\0"s) + chunk("tRNS", "\0"s))) ==
        Values{1, 1, 0.2f, 1, 0, 1});
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

TEST_CASE("PBM is read as text and binary: a 1 is black, a row ends with its byte") {
  const TemporaryFolder folder;
  const auto values = [&](const std::string& content) {
    return read_image(folder.write("a", content)).to_vector<float>();
  };
  CHECK(values("P1\n# line\n3 2\n101\n0 1 0") == Values{0, 1, 0, 1, 0, 1});
  CHECK(values("P4 9 2\n\xa0\x80\0\x7f"s) ==
        Values{0, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1});
}

TEST_CASE("images are read as bytes, those of other whites rounded, transparent ones on a ground") {
  const TemporaryFolder folder;
  const auto bytes = [&](const std::string& content, const data::ImageBytesOptions& options = {}) {
    return data::read_image_bytes(folder.write("a", content), options).values;
  };
  CHECK(bytes("P2 4 1 4\n0 1 2 4") == Bytes{0, 64, 128, 255});
  CHECK(bytes("P1 2 1 10") == Bytes{0, 255});
  CHECK(bytes("P5 3 1 65535\n\x80\x00\x00\x80\x00\x81"s) == Bytes{128, 0, 1});
  CHECK(bytes(png(2, 1, 16, 0, "\0\xff\x7e\xff\x7f"s)) == Bytes{254, 255});
  CHECK(bytes(png(2, 1, 8, 4, "\0\x33\x33\x33\0"s)) == Bytes{214, 255});
  CHECK(bytes(png(2, 1, 8, 4, "\0\x33\x33\x33\0"s), {.ground = 10}) == Bytes{18, 10});
  CHECK(bytes(png(1, 1, 16, 4, "\0\0\0\0\0"s), {.ground = 10}) == Bytes{10});
  const data::ImageBytes colours =
      data::read_image_bytes(folder.write("a", png(1, 2, 8, 2, "\0\1\2\3\0\4\5\6"s)));
  CHECK(colours.channels == 3);
  CHECK(colours.height == 2);
  CHECK(colours.width == 1);
  CHECK(colours.values == Bytes{1, 2, 3, 4, 5, 6});
  CHECK(bytes(grey_jpeg) == [] {
    Bytes halves;
    for (int i = 0; i < 128; ++i) halves.push_back(i % 16 < 8 ? 30 : 200);
    return halves;
  }());
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
  check("", "is not a PNG, JPEG, WebP, BMP, PBM, PGM or PPM file");
  check("P7\n", "is not a PNG, JPEG, WebP, BMP, PBM, PGM or PPM file");
  check("P5 2 ", "is cut off: the height is missing");
  check("P5 0 1 255\n", "the width must be a number from 1 to 1048576");
  check("P5 x 1 255\n", "the width must be a number from 1 to 1048576");
  check("P5 1 1 70000\n", "the largest value must be a number from 1 to 65535");
  check("P5 99999999999999999999 1 255\n", "the width must be a number from 1 to 1048576");
  check(
      "P5 1048576 1048576 255\n",
      "the image must not have more than 2^28 values: its header declares 1048576×1048576 pixels");
  check("P5 16384 16384 255\n", "is cut off: 268435456 values are missing");
  check("P6 2 1 255\nabcd", "is cut off: 2 values are missing");
  check("P5 1 1 10\n\13", "values must not be above 10, got 11");
  check("P2 2 1 255 17 x", "the value must be a number from 0 to 65535");
  check("P2 2 1 255 17 300", "values must not be above 255, got 300");
  check("P1 2 1 2 1", "the value must be a number from 0 to 1");
  check("P1 2 1 1 # 1", "is cut off: the value is missing");
  check("P1 4 1 11", "is cut off: 1 values are missing");
  check("P4 9 2\nabc", "is cut off: 1 bytes are missing");
  check(whole.substr(0, whole.size() - 20), "damaged PNG: cut off");
  check(png(100000, 100000, 8, 0, "\0"s),
        "the image must not have more than 2^28 values: its header declares 100000×100000 pixels");
  std::string flipped = whole;
  flipped[20] = 9;
  check(flipped, "damaged PNG: IHDR: CRC error");
  for (std::size_t cut = 1; cut < whole.size(); ++cut)
    CHECK_THROWS_AS(read_image(folder.write("a", whole.substr(0, cut))), std::runtime_error);
}

TEST_CASE("JPEG is read in grey and colours, whatever the file's name") {
  const TemporaryFolder folder;
  const Tensor grey = read_image(folder.write("a.png", grey_jpeg));
  CHECK(grey.shape() == Shape{1, 8, 16});
  for (int64_t i = 0; i < 128; ++i)
    CHECK(grey.data<float>()[i] == (i % 16 < 8 ? 30.f : 200.f) / 255);
  const Tensor colours = read_image(folder.write("a", colour_jpeg));
  CHECK(colours.shape() == Shape{3, 8, 8});
  for (const auto& [channel, value] : {std::pair{0, 249}, {1, 121}, {2, 20}})
    for (int64_t i = 0; i < 64; ++i)
      CHECK(colours.data<float>()[channel * 64 + i] == static_cast<float>(value) / 255);
}

TEST_CASE("a photo is turned as its camera was held") {
  const TemporaryFolder folder;
  const Tensor photo = read_image(
      folder.write("a.jpg", grey_jpeg.substr(0, 2) + orientation_6 + grey_jpeg.substr(2)));
  REQUIRE(photo.shape() == Shape{1, 16, 8});
  for (int64_t i = 0; i < 128; ++i)
    CHECK(photo.data<float>()[i] == (i / 8 < 8 ? 30.f : 200.f) / 255);
}

TEST_CASE("a JPEG is decoded at a part of its size where that is enough") {
  const TemporaryFolder folder;
  const auto read = [&](const std::string& content, int64_t height, int64_t width) {
    const data::ImageBytes image = data::read_image_bytes(
        folder.write("a", content), {.least_height = height, .least_width = width});
    return std::pair(Shape{image.height, image.width}, image.values);
  };
  // 8 rows of 16 pixels: 1 row of 2 at an eighth.
  CHECK(read(grey_jpeg, 1, 2) == std::pair(Shape{1, 2}, std::vector<uint8_t>{30, 200}));
  CHECK(read(grey_jpeg, 1, 0).first == Shape{1, 2});
  CHECK(read(grey_jpeg, 0, 3).first == Shape{2, 4});
  CHECK(read(grey_jpeg, 3, 2).first == Shape{4, 8});
  CHECK(read(grey_jpeg, 0, 9).first == Shape{8, 16});
  CHECK(read(grey_jpeg, 900, 1).first == Shape{8, 16});
  CHECK(read(grey_jpeg, 0, 0).first == Shape{8, 16});
  const std::string turned = grey_jpeg.substr(0, 2) + orientation_6 + grey_jpeg.substr(2);
  CHECK(read(turned, 2, 1) == std::pair(Shape{2, 1}, std::vector<uint8_t>{30, 200}));
  CHECK(read(turned, 2, 3).first == Shape{8, 4});
  CHECK_THROWS_WITH_AS(
      read(grey_jpeg, -1, 0),
      "[read_image_bytes] least_height and least_width must be 0 or more, got -1 and 0",
      std::invalid_argument);
}

TEST_CASE("damaged JPEG files are errors of one line, without invented pixels") {
  const TemporaryFolder folder;
  const auto check = [&](const std::string& content, const std::string& text) {
    const std::string path = folder.write("a.jpg", content);
    CHECK_THROWS_WITH_AS(read_image(path), at(path, text).c_str(), std::runtime_error);
  };
  check(print_jpeg, "a JPEG must be grey or RGB, got 4 channels (a JPEG for print?)");
  check(grey_jpeg.substr(0, 100), "damaged JPEG: Premature end of JPEG file");
  check(grey_jpeg.substr(0, grey_jpeg.size() - 8), "damaged JPEG: Premature end of JPEG file");
  const std::size_t frame = grey_jpeg.find("\xff\xc0");
  std::string other = grey_jpeg;
  other.replace(frame + 5, 4, "\xff\xdc\xff\xdc");
  check(other,
        "the image must not have more than 2^28 values: its header declares 65500×65500 pixels");
  other = grey_jpeg;
  other[frame + 4] = 12;
  check(other, "damaged JPEG: Unsupported JPEG data precision 12");
  for (std::size_t cut = 1; cut < grey_jpeg.size() - 2; ++cut)
    CHECK_THROWS_AS(read_image(folder.write("a", grey_jpeg.substr(0, cut))), std::runtime_error);
}

TEST_CASE("images of other shapes and options aren't written") {
  const TemporaryFolder folder;
  const std::string path = folder.path("a");
  CHECK_THROWS_WITH(data::to_png(Tensor::zeros({2, 4, 4})),
                    "[to_png] the image must be (H, W), (1, H, W) or (3, H, W), got (2, 4, 4)");
  CHECK_THROWS_WITH_AS(
      data::write_png(path, Tensor::zeros({2, 4, 4})),
      "[write_png] the image must be (H, W), (1, H, W) or (3, H, W), got (2, 4, 4)",
      std::invalid_argument);
  CHECK_THROWS_WITH(data::write_pnm(path, Tensor::zeros({4, 4}), {.bits = 4}),
                    "[write_pnm] bits must be 8 or 16, got 4");
  CHECK_THROWS_WITH(
      data::write_png(path, Tensor::full({1, 1}, std::numeric_limits<double>::quiet_NaN())),
      "[write_png] values must not be NaN");
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
                    "[tile] images must be (N, C, H, W), got (4, 4)");
  CHECK_THROWS_WITH(data::tile(images, {.gap = -1}),
                    "[tile] columns and gap must be 0 or more, got 0 and -1");
}

TEST_CASE("a PNG header with more pixels than its bytes can hold takes no memory") {
  const TemporaryFolder folder;
  std::string png = data::to_png(Tensor::zeros({1, 8, 8}));
  // Width and height, and the sum of the header's bytes.
  const auto put = [&](std::size_t at, uint32_t number) {
    for (int i = 0; i < 4; ++i) png[at + i] = static_cast<char>(number >> (24 - 8 * i));
  };
  put(16, 10'000);
  put(20, 10'000);
  put(29, static_cast<uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(png.data()) + 12, 17)));
  const std::string path = folder.write("bomb.png", png);
  CHECK_THROWS_WITH(
      data::read_image(path),
      fmt::format("{}: damaged PNG: its header declares 10000×10000 pixels, too many for {} bytes",
                  path, png.size())
          .c_str());
}
