#include <doctest/doctest.h>

#include "data/files/image.hpp"
#include "tests/temporary_folder.hpp"

using namespace gradus;
using namespace std::string_literals;

namespace {

std::string little_endian_text(int64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> 8 * i & 0xFF);
  return text;
}

struct BmpKind {
  int bits = 24, compression = 0, header = 40, colours_used = 0;
};

// A BMP made by hand; `others` are masks and palette.
std::string bmp(int64_t width, int64_t height, const BmpKind& kind, const std::string& others,
                const std::string& rows) {
  const auto [bits, compression, header, colours_used] = kind;
  const auto four = [](int64_t value) { return little_endian_text(value, 4); };
  const auto two = [](int64_t value) { return little_endian_text(value, 2); };
  std::string text = four(header);
  if (header == 12)
    text += two(width) + two(height) + two(1) + two(bits);
  else
    text += four(width) + four(height) + two(1) + two(bits) + four(compression) + four(0) +
            four(0) + four(0) + four(colours_used) + four(0);
  text += others;
  text.resize(std::max<std::size_t>(text.size(), static_cast<std::size_t>(header)));
  const auto begin = static_cast<int64_t>(14 + text.size());
  return "BM" + four(begin + static_cast<int64_t>(rows.size())) + four(0) + four(begin) + text +
         rows;
}

std::string mask_texts(std::initializer_list<int64_t> masks) {
  std::string text;
  for (const int64_t mask : masks) text += little_endian_text(mask, 4);
  return text;
}

const std::string blue_and_white = "\xff\0\0\0\xff\xff\xff\0"s,
                  greys = "\x10\x10\x10\0\x80\x80\x80\0"s;

}  // namespace

TEST_CASE("BMP is read with palettes, grey where all its colours are") {
  const TemporaryFolder folder;
  const auto read = [&](const std::string& content) {
    return data::read_image_bytes(folder.write("a", content));
  };
  const data::ImageBytes bits = read(bmp(9, 2, {.bits = 1}, greys, "\x80\x80\0\0\x01\0\0\0"s));
  CHECK(bits.channels == 1);
  CHECK(bits.height == 2);
  CHECK(bits.width == 9);
  // The last row is the first in the file.
  CHECK(bits.values == Bytes{16, 16, 16, 16, 16, 16, 16, 128, 16,  //
                             128, 16, 16, 16, 16, 16, 16, 16, 128});
  const data::ImageBytes colours = read(bmp(3, 1, {.bits = 4}, blue_and_white, "\x10\x10\0\0"s));
  CHECK(colours.channels == 3);
  CHECK(colours.values == Bytes{255, 255, 255, 0, 0, 255, 255, 255, 255});
  CHECK(read(bmp(2, 1, {.bits = 8, .colours_used = 2}, greys, "\1\0\0\0"s)).values ==
        Bytes{128, 16});
  // The oldest header has palettes of three bytes.
  CHECK(
      read(bmp(2, 1, {.bits = 8, .header = 12}, "\x10\x10\x10\x80\x80\x80", "\1\0\0\0"s)).values ==
      Bytes{128, 16});
}

TEST_CASE("BMP is read in colours of 16, 24 and 32 bits, from below and from above, with opacity") {
  const TemporaryFolder folder;
  const auto values = [&](const std::string& content) {
    return data::read_image_bytes(folder.write("a", content)).values;
  };
  const std::string rows = "\3\2\1\6\5\4\0\0\x09\x08\7\x0c\x0b\x0a\0\0"s;
  CHECK(values(bmp(2, 2, {}, "", rows)) == Bytes{7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6});
  CHECK(values(bmp(2, -2, {}, "", rows)) == Bytes{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  // Rows need no padding at the end of the file.
  CHECK(values(bmp(2, 2, {}, "", rows.substr(0, 14))).size() == 12);
  CHECK(values(bmp(1, 1, {.bits = 32}, "", "\3\2\1\x7f"s)) == Bytes{1, 2, 3});
  CHECK(values(bmp(2, 1, {.bits = 16}, "", "\xff\x7f\x21\x04"s)) == Bytes{255, 255, 255, 8, 8, 8});
  const std::string masks_565 = mask_texts({0xF800, 0x7E0, 0x1F});
  CHECK(values(bmp(2, 1, {.bits = 16, .compression = 3}, masks_565, "\xe0\x07\x20\0"s)) ==
        Bytes{0, 255, 0, 0, 4, 0});
  const std::string with_opacity = mask_texts({0xFF, 0xFF00, 0xFF0000, 0xFF000000});
  for (const BmpKind& kind : {BmpKind{.bits = 32, .compression = 3, .header = 108},
                              BmpKind{.bits = 32, .compression = 6}})
    CHECK(values(bmp(2, 1, kind, with_opacity, "\1\2\3\xff\x33\x33\x33\x33"s)) ==
          Bytes{1, 2, 3, 214, 214, 214});
}

TEST_CASE("BMP files that are damaged, cut off or compressed are errors of one line") {
  const TemporaryFolder folder;
  const auto check = [&](const std::string& content, const std::string& text) {
    const std::string path = folder.write("a", content);
    CHECK_THROWS_WITH_AS(data::read_image(path), (path + ": " + text).c_str(), std::runtime_error);
  };
  check(bmp(2, 1, {.bits = 8, .compression = 1}, greys, "\0\0\0\1"s),
        "a BMP must not be compressed, got RLE8");
  check(bmp(2, 1, {.bits = 4, .compression = 2}, greys, "\0\0\0\1"s),
        "a BMP must not be compressed, got RLE4");
  check(bmp(2, 1, {.compression = 5}, "", "\0"s), "a BMP must not be compressed, got method 5");
  check(bmp(2, 1, {.bits = 2}, greys, "\0\0\0\0"s),
        "a BMP must have 1, 4, 8, 16, 24 or 32 bits per pixel, got 2");
  check(bmp(2, 1, {.compression = 3}, "", "\0"s),
        "damaged BMP: masks need 16 or 32 bits per pixel, got 24");
  check(bmp(2, 1, {.bits = 16, .compression = 3}, mask_texts({0x0F0F, 0xF0, 0xF000}), "\0\0\0\0"s),
        "damaged BMP: the mask of a colour is 0xf0f");
  check(bmp(2, 1, {.bits = 16, .compression = 3}, mask_texts({1, 0, 2}), "\0\0\0\0"s),
        "damaged BMP: the mask of a colour is 0x0");
  check(bmp(2, 1, {.bits = 8}, greys, "\0\2\0\0"s),
        "damaged BMP: a pixel has colour 2 of a palette of 2");
  check(bmp(2, 1, {.header = 41}, "", ""), "damaged BMP: its header has 41 bytes");
  check(bmp(0, 1, {}, "", ""), "damaged BMP: its header declares 0×1 pixels");
  check(bmp(-1, -2147483648, {}, "", ""), "damaged BMP: its header declares -1×2147483648 pixels");
  check(bmp(20000, 20000, {}, "", ""),
        "the image must not have more than 2^28 values: its header declares 20000×20000 pixels");
  check(bmp(2, 2, {}, "", "12345678"), "is cut off: 6 bytes are missing");
  const std::string whole = bmp(1, 1, {.bits = 8, .colours_used = 2}, greys, "\1"s);
  for (std::size_t cut = 1; cut < whole.size(); ++cut)
    CHECK_THROWS_AS(data::read_image(folder.write("a", whole.substr(0, cut))), std::runtime_error);
}
