// ImageBytes: an image of 8 bits per value, as read_image_bytes() reads it and resized() scales it.
#pragma once

#include <cstdint>
#include <vector>

namespace gradus::data {

/// An image as bytes, a quarter of a tensor's memory: what a folder of pictures is kept as.
struct ImageBytes {
  int64_t channels = 0;  ///< 1 for grey, 3 for colours (red, green, blue)
  int64_t height = 0;    ///< rows
  int64_t width = 0;     ///< columns
  /// (height, width, channels), the top row first: 0 is black, 255 white.
  std::vector<uint8_t> values = {};
};

/// Options of read_image_bytes().
struct ImageBytesOptions {
  uint8_t ground = 255;  ///< what transparent pixels are put on, from black (0) to white (255)
  /// Extents of the upright image that are enough: where one of them isn't 0, a JPEG is decoded at
  /// a half, a quarter or an eighth of its size if that has at least both, in a fraction of the
  /// time. Other formats, and smaller images, keep their size.
  int64_t least_height = 0;
  int64_t least_width = 0;  ///< see least_height
};

}  // namespace gradus::data
