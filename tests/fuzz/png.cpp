// decode_png: what it reads is written and read again, the same.
#include "data/files/raster.hpp"
#include "tests/fuzz/target.hpp"

using namespace gradus;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  fuzz::accepts([&] {
    const data::Raster raster = data::decode_png("image.png", std::span(data, size));
    std::visit(
        [&](const auto& values) {
          fuzz::require(raster.size() == static_cast<int64_t>(values.size()), "values missing");
        },
        raster.values);
    const data::Raster shown = data::on_ground(raster);
    const std::string written = data::encode_png("image.png", shown);
    const data::Raster again = data::decode_png(
        "image.png", {reinterpret_cast<const uint8_t*>(written.data()), written.size()});
    fuzz::require(again.values == shown.values && again.width == shown.width, "another image");
  });
  return 0;
}
