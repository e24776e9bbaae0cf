#include "data/files/raster.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace gradus::data {
namespace {

template <class Value>
void put_on(uint64_t ground, Raster& raster, std::vector<Value>& values) {
  const auto with_opacity = static_cast<std::size_t>(raster.channels);
  const uint64_t white = raster.white;
  std::size_t kept = 0;
  for (std::size_t pixel = 0; pixel < values.size(); pixel += with_opacity) {
    const uint64_t opacity = values[pixel + with_opacity - 1];
    for (std::size_t i = 0; i + 1 < with_opacity; ++i) {
      const uint64_t sum = values[pixel + i] * opacity + ground * (white - opacity);
      values[kept++] = static_cast<Value>((sum + white / 2) / white);
    }
  }
  values.resize(kept);
  --raster.channels;
}

}  // namespace

void check_size(const std::string& path, const Raster& raster) {
  constexpr int64_t limit = int64_t{1} << 28;
  if (raster.width > maximal_extent || raster.height > maximal_extent || raster.size() > limit)
    file_error(path,
               "the image must not have more than 2^28 values: its header declares {}×{} pixels",
               raster.width, raster.height);
}

void append_values(std::string& text, const Raster& raster) {
  if (const auto* bytes = std::get_if<0>(&raster.values)) {
    text.append(bytes->begin(), bytes->end());
    return;
  }
  for (const uint16_t value : std::get<1>(raster.values)) {
    text += static_cast<char>(value >> 8);
    text += static_cast<char>(value & 0xFF);
  }
}

Raster on_ground(Raster raster, uint8_t ground) {
  if (raster.channels % 2 == 1) return raster;
  const uint64_t value = (uint64_t{ground} * raster.white + 127) / 255;
  std::visit([&](auto& values) { put_on(value, raster, values); }, raster.values);
  return raster;
}

ImageBytes to_bytes(Raster raster) {
  ImageBytes image{raster.channels, raster.height, raster.width, {}};
  auto* bytes = std::get_if<0>(&raster.values);
  if (bytes != nullptr && raster.white == 255) {
    image.values = std::move(*bytes);
    return image;
  }
  const uint32_t white = raster.white;
  const auto scaled = [&](uint32_t value) {
    return static_cast<uint8_t>((value * 255 + white / 2) / white);
  };
  image.values.resize(static_cast<std::size_t>(raster.size()));
  std::visit(
      [&](const auto& values) { std::ranges::transform(values, image.values.begin(), scaled); },
      raster.values);
  return image;
}

}  // namespace gradus::data
