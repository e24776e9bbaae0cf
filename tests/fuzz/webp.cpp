// decode_webp: with or without opacity, every pixel has its values.
#include "data/files/raster.hpp"
#include "tests/fuzz/target.hpp"

using namespace gradus;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::span bytes(data, size);
  if (!data::is_webp(bytes)) return 0;
  fuzz::accepts([&] {
    const data::Raster raster = data::decode_webp("image.webp", bytes);
    fuzz::require(raster.size() == static_cast<int64_t>(std::get<0>(raster.values).size()),
                  "values missing");
    fuzz::require(data::on_ground(raster).channels % 2 == 1, "opacity is left");
  });
  return 0;
}
