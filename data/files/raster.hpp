// Raster: the pixels of an image file; decodes PNG (libpng), JPEG (libjpeg), WebP (libwebp), BMP,
// PBM, PGM and PPM, and encodes PNG in memory; used by image.cpp. Errors are std::runtime_error
// "path: …".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "data/files/image_bytes.hpp"

namespace gradus::data {

/// Rows of pixels, the top row first. A pixel has 1 value (grey), 2 (grey, opacity), 3 (colours) or
/// 4 (colours, opacity).
struct Raster {
  int64_t channels = 1, height = 0, width = 0;
  uint16_t white = 255;
  /// (height, width, channels), 0 … white; bytes if white is at most 255.
  std::variant<std::vector<uint8_t>, std::vector<uint16_t>> values = {};

  int64_t size() const { return channels * height * width; }
};

constexpr int64_t maximal_extent = 1 << 20;
/// Throws std::runtime_error if the image is too large to be read.
void check_size(const std::string& path, const Raster& raster);
/// Appends the values, one byte each or two (the higher one first).
void append_values(std::string& text, const Raster& raster);
/// The same image without opacity, on a ground from 0 (black) to 255 (white).
Raster on_ground(Raster raster, uint8_t ground = 255);
/// The values from 0 to 255, rounded.
ImageBytes to_bytes(Raster raster);

bool is_png(std::span<const uint8_t> bytes);
/// The result has opacity if the file has it.
Raster decode_png(const std::string& path, std::span<const uint8_t> bytes);
std::string encode_png(const std::string& path, const Raster& raster);

bool is_jpeg(std::span<const uint8_t> bytes);
/// The result is grey or has colours. It is reduced as read_image_bytes() says.
Raster decode_jpeg(const std::string& path, std::span<const uint8_t> bytes,
                   const ImageBytesOptions& options = {});

bool is_webp(std::span<const uint8_t> bytes);
/// The result has colours, and opacity if the file has it.
Raster decode_webp(const std::string& path, std::span<const uint8_t> bytes);

bool is_bmp(std::span<const uint8_t> bytes);
/// The result is grey or has colours, and opacity if the file has a mask for it.
Raster decode_bmp(const std::string& path, std::span<const uint8_t> bytes);

bool is_pnm(std::span<const uint8_t> bytes);
/// PBM, PGM and PPM; the result is grey or has colours.
Raster decode_pnm(const std::string& path, std::span<const uint8_t> bytes);

}  // namespace gradus::data
