#include <webp/decode.h>

#include <cstring>

#include "core/error.hpp"
#include "data/files/exif.hpp"

namespace gradus::data {
namespace {

bool has_name(std::span<const uint8_t> bytes, std::size_t offset, const char* name) {
  return std::memcmp(bytes.data() + offset, name, 4) == 0;
}

void require_success(const std::string& path, VP8StatusCode status) {
  switch (status) {
    case VP8_STATUS_OK:
      return;
    case VP8_STATUS_OUT_OF_MEMORY:
      throw std::bad_alloc();
    case VP8_STATUS_NOT_ENOUGH_DATA:
    case VP8_STATUS_SUSPENDED:
      file_error(path, "damaged WebP: cut off");
    default:
      file_error(path, "damaged WebP: libwebp's status is {}", static_cast<int>(status));
  }
}

// The metadata of the camera: the file consists of chunks with a name, a size and an even number of
// bytes.
std::span<const uint8_t> exif_of(std::span<const uint8_t> bytes) {
  for (std::size_t at = 12; at + 8 <= bytes.size();) {
    const auto size =
        static_cast<std::size_t>(bytes[at + 4] | bytes[at + 5] << 8 | bytes[at + 6] << 16) |
        static_cast<std::size_t>(bytes[at + 7]) << 24;
    if (size > bytes.size() - at - 8) break;
    if (has_name(bytes, at, "EXIF")) return bytes.subspan(at + 8, size);
    at += 8 + size + size % 2;
  }
  return {};
}

}  // namespace

bool is_webp(std::span<const uint8_t> bytes) {
  return bytes.size() >= 12 && has_name(bytes, 0, "RIFF") && has_name(bytes, 8, "WEBP");
}

Raster decode_webp(const std::string& path, std::span<const uint8_t> bytes) {
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config)) throw std::runtime_error("libwebp has another version");
  require_success(path, WebPGetFeatures(bytes.data(), bytes.size(), &config.input));
  if (config.input.has_animation) file_error(path, "a WebP must be one image, got an animation");
  Raster raster{.channels = config.input.has_alpha ? 4 : 3,
                .height = config.input.height,
                .width = config.input.width};
  check_size(path, raster);
  std::vector<uint8_t>& values = std::get<0>(raster.values);
  values.resize(static_cast<std::size_t>(raster.size()));
  config.output.colorspace = config.input.has_alpha ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA = {values.data(), static_cast<int>(raster.width * raster.channels),
                          values.size()};
  const VP8StatusCode status = WebPDecode(bytes.data(), bytes.size(), &config);
  WebPFreeDecBuffer(&config.output);
  require_success(path, status);
  return upright(std::move(raster), exif_orientation(exif_of(bytes)));
}

}  // namespace gradus::data
