#include "data/files/exif.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace gradus;
using namespace std::string_literals;

namespace {

int orientation(const std::string& segment) {
  return data::exif_orientation({reinterpret_cast<const uint8_t*>(segment.data()), segment.size()});
}

// With the camera's make before the orientation.
const std::string big_endian_block =
    "Exif\0\0MM\0*\0\0\0\x08\0\x02"
    "\x01\x0f\0\x02\0\0\0\x02"
    "A\0\0\0"
    "\x01\x12\0\x03\0\0\0\x01\0\x08\0\0"
    "\0\0\0\0"s;
const std::string little_endian =
    "Exif\0\0II*\0\x08\0\0\0\x01\0"
    "\x12\x01\x03\0\x01\0\0\0\x03\0\0\0"
    "\0\0\0\0"s;

}  // namespace

TEST_CASE("a camera's orientation is found in both orders of bytes") {
  CHECK(orientation(big_endian_block) == 8);
  CHECK(orientation(little_endian) == 3);
  CHECK(orientation("") == 1);
  CHECK(orientation("http://ns.adobe.com/xap/1.0/") == 1);
}

TEST_CASE("damaged metadata are ignored") {
  for (std::size_t cut = 0; cut < big_endian_block.size(); ++cut) {
    const int found = orientation(big_endian_block.substr(0, cut));
    CHECK((found == 1 || found == 8));
  }
  std::string far = little_endian;
  far.replace(10, 4, "\xff\xff\xff\xff");
  CHECK(orientation(far) == 1);
  std::string many = little_endian;
  many.replace(14, 4, "\xff\xff\x13\x01");  // 65535 entries, none of them the orientation
  CHECK(orientation(many) == 1);
  std::string unknown = little_endian;
  unknown[24] = 9;
  CHECK(orientation(unknown) == 1);
}

TEST_CASE("images are turned upright as the Python Imaging Library turns them") {
  using Bytes = std::vector<uint8_t>;
  const data::Raster stored{.height = 2, .width = 3, .values = Bytes{1, 2, 3, 4, 5, 6}};
  const std::vector<Bytes> shown{{1, 2, 3, 4, 5, 6}, {3, 2, 1, 6, 5, 4}, {6, 5, 4, 3, 2, 1},
                                 {4, 5, 6, 1, 2, 3}, {1, 4, 2, 5, 3, 6}, {4, 1, 5, 2, 6, 3},
                                 {6, 3, 5, 2, 4, 1}, {3, 6, 2, 5, 1, 4}};
  for (int i = 0; i < 8; ++i) {
    const data::Raster upright = data::upright(stored, i + 1);
    CHECK(std::get<Bytes>(upright.values) == shown[static_cast<std::size_t>(i)]);
    CHECK(upright.height == (i < 4 ? 2 : 3));
    CHECK(upright.width == (i < 4 ? 3 : 2));
  }
  const data::Raster colours{
      .channels = 3, .height = 1, .width = 2, .values = Bytes{1, 2, 3, 4, 5, 6}};
  CHECK(std::get<Bytes>(data::upright(colours, 2).values) == Bytes{4, 5, 6, 1, 2, 3});
  using Wide = std::vector<uint16_t>;
  const data::Raster wide{.height = 1, .width = 2, .white = 65535, .values = Wide{1000, 2}};
  CHECK(std::get<Wide>(data::upright(wide, 2).values) == Wide{2, 1000});
}
