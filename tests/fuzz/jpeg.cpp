// decode_jpeg: with what its metadata say about how the camera was held.
#include "data/files/exif.hpp"
#include "tests/fuzz/target.hpp"

using namespace gradus;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::span bytes(data, size);
  const int orientation = data::exif_orientation(bytes);
  fuzz::require(orientation >= 1 && orientation <= 8, "an orientation that there isn't");
  if (data::is_jpeg(bytes))
    fuzz::accepts([&] {
      const data::Raster raster = data::decode_jpeg("image.jpg", bytes);
      fuzz::require(raster.size() == static_cast<int64_t>(std::get<0>(raster.values).size()),
                    "values missing");
    });
  return 0;
}
