#include "data/files/raster.hpp"

#include "core/error.hpp"

namespace gradus::data {

void check_size(const std::string& path, const Raster& raster) {
  constexpr int64_t limit = int64_t{1} << 28;
  if (raster.width > maximal_extent || raster.height > maximal_extent || raster.size() > limit)
    file_error(path,
               "the image must not have more than 2^28 values: its header declares {}×{} pixels",
               raster.width, raster.height);
}

void append_values(std::string& text, const Raster& raster) {
  for (const uint16_t value : raster.values) {
    if (raster.white > 255) text += static_cast<char>(value >> 8);
    text += static_cast<char>(value & 0xFF);
  }
}

Raster on_white(Raster raster) {
  if (raster.channels % 2 == 1) return raster;
  const auto with_opacity = static_cast<std::size_t>(raster.channels);
  const uint64_t white = raster.white;
  std::size_t kept = 0;
  for (std::size_t pixel = 0; pixel < raster.values.size(); pixel += with_opacity) {
    const uint64_t opacity = raster.values[pixel + with_opacity - 1];
    for (std::size_t i = 0; i + 1 < with_opacity; ++i) {
      const uint64_t sum = raster.values[pixel + i] * opacity + white * (white - opacity);
      raster.values[kept++] = static_cast<uint16_t>((sum + white / 2) / white);
    }
  }
  raster.values.resize(kept);
  --raster.channels;
  return raster;
}

}  // namespace gradus::data
