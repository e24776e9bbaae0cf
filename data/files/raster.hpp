// Raster: the pixels of an image file; decodes and encodes PNG (libpng) and JPEG (libjpeg) in
// memory; used by image.cpp. Errors are std::runtime_error "path: …".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace gradus::data {

/// Rows of pixels, the top row first. A pixel has 1 value (grey), 2 (grey, opacity), 3 (colours) or
/// 4 (colours, opacity).
struct Raster {
  int64_t channels = 1, height = 0, width = 0;
  uint16_t white = 255;
  std::vector<uint16_t> values = {};  ///< (height, width, channels), 0 … white

  int64_t size() const { return channels * height * width; }
};

constexpr int64_t maximal_extent = 1 << 20;
/// Throws std::runtime_error if the image is too large to be read.
void check_size(const std::string& path, const Raster& raster);
/// Appends the values, one byte each or two (the higher one first).
void append_values(std::string& text, const Raster& raster);
/// The same image on white, without opacity.
Raster on_white(Raster raster);

bool is_png(std::span<const uint8_t> bytes);
/// The result has opacity if the file has it.
Raster decode_png(const std::string& path, std::span<const uint8_t> bytes);
std::string encode_png(const std::string& path, const Raster& raster);

bool is_jpeg(std::span<const uint8_t> bytes);
/// The result is grey or has colours.
Raster decode_jpeg(const std::string& path, std::span<const uint8_t> bytes);

}  // namespace gradus::data
