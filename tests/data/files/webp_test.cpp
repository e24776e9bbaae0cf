#include <doctest/doctest.h>

#include "data/files/image.hpp"
#include "tests/temporary_folder.hpp"

using namespace gradus;
using namespace std::string_literals;

namespace {

std::string webp_of(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2)
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  return bytes;
}

// Files as the Python Imaging Library writes them: (250, 120, 20) beside (0, 7, 255), also with a
// camera's orientation and as an animation; (51, 51, 51) with opacity 51 beside (255, 0, 7); a
// square of (250, 120, 20), with losses.
const std::string lossless_webp =
    webp_of("5249464620000000574542505650384c140000002f010000000ff083b8d17fc5fffc070f32a2ff01");
const std::string turned_webp = webp_of(
    "524946465400000057454250565038580a000000080000000100000000005650384c140000002f010000000f"
    "f083b8d17fc5fffc070f32a2ff01455849461a0000004d4d002a000000080001011200030000000100060000"
    "00000000");
const std::string animated_webp = webp_of(
    "524946468e00000057454250565038580a00000002000000010000000000414e494d06000000000000000000"
    "414e4d462c000000000000000000010000000000000000025650384c140000002f010000000ff083b8d17fc5"
    "fffc070f32a2ff01414e4d462e000000000000000000010000000000000000005650384c150000002f010000"
    "000ff083b8d17fc5fffc070f2a10d1ff0000");
const std::string opacity_webp =
    webp_of("5249464622000000574542505650384c150000002f010000100f3033a7f9ff01cb69fe430b19d1ff0000");
const std::string lossy_webp = webp_of(
    "524946463c0000005745425056503820300000001002009d012a0800080001402625a00274ba01f801f80003"
    "c800fee730fffb5a084c39feb25ffdb433aa12ff68000000");

}  // namespace

TEST_CASE("WebP is read with and without losses, opacity and a camera's orientation") {
  const TemporaryFolder folder;
  const auto read = [&](const std::string& content, const data::ImageBytesOptions& options = {}) {
    return data::read_image_bytes(folder.write("a.png", content), options);
  };
  const Bytes two{250, 120, 20, 0, 7, 255};
  CHECK(read(lossless_webp).values == two);
  const data::ImageBytes turned = read(turned_webp);
  CHECK(turned.height == 2);
  CHECK(turned.width == 1);
  CHECK(turned.values == two);
  CHECK(read(opacity_webp).values == Bytes{214, 214, 214, 255, 0, 7});
  CHECK(read(opacity_webp, {.ground = 10}).values == Bytes{18, 18, 18, 255, 0, 7});
  const data::ImageBytes lossy = read(lossy_webp);
  CHECK(lossy.height == 8);
  CHECK(lossy.width == 8);
  CHECK(Bytes(lossy.values.begin(), lossy.values.begin() + 6) == Bytes{250, 120, 23, 250, 120, 23});
  CHECK(data::read_image(folder.write("a", lossless_webp)).to_vector<float>() ==
        std::vector<float>{250.f / 255, 0, 120.f / 255, 7.f / 255, 20.f / 255, 1});
}

TEST_CASE("WebP files that are damaged, cut off or animated are errors of one line") {
  const TemporaryFolder folder;
  const auto check = [&](const std::string& content, const std::string& text) {
    const std::string path = folder.write("a", content);
    CHECK_THROWS_WITH_AS(data::read_image(path), (path + ": " + text).c_str(), std::runtime_error);
  };
  check(animated_webp, "a WebP must be one image, got an animation");
  check(lossy_webp.substr(0, 40), "damaged WebP: cut off");
  check(lossless_webp.substr(0, 12), "damaged WebP: cut off");
  std::string damaged = lossless_webp;
  damaged[20] = 'x';
  check(damaged, "damaged WebP: libwebp's status is 3");
  for (const std::string& whole : {lossless_webp, lossy_webp, opacity_webp})
    for (std::size_t cut = 1; cut + 2 < whole.size(); ++cut)
      CHECK_THROWS_AS(data::read_image(folder.write("a", whole.substr(0, cut))),
                      std::runtime_error);
  // A header alone: 16384×16384 pixels.
  std::string large = lossless_webp;
  large.replace(21, 4, "\xff\xff\xff\x0f");
  check(large,
        "the image must not have more than 2^28 values: its header declares 16384×16384 pixels");
}
