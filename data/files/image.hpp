// Image files: PNG, JPEG, and the plain formats PGM and PPM.
#pragma once

#include "core/tensor.hpp"

namespace gradus::data {

/// The image of a PNG, JPEG, PGM or PPM file (its content tells which), f32 (C, H, W) with values
/// 0 … 1: C is 1 for grey and 3 for colours. Of PNG everything is read: 1 to 16 bits, palettes,
/// interlaced; what is transparent shows white paper. Of JPEG grey and colours, progressive or
/// not, turned as the camera was held. Of PGM and PPM both forms, text and binary, up to 16 bits.
/// Throws std::runtime_error "path: …" for a file that is missing, damaged, cut off, of another
/// format or larger than 2^28 values, before it allocates memory for them.
Tensor read_image(const std::string& path);

/// Options of write_png(), to_png() and write_pnm().
struct ImageOptions {
  int bits = 8;  ///< of a value in the file, 8 or 16
};

/// Writes f32 (H, W) or (C, H, W), C = 1 for grey or 3 for colours, as PNG; values below 0 become
/// black, above 1 white, between them round(x·(2^bits − 1)). The file is written whole or not at
/// all (write_file_atomically). Throws std::invalid_argument for other shapes, NaN and other bits.
void write_png(const std::string& path, const Tensor& image, const ImageOptions& options = {});
/// The bytes of such a file.
std::string to_png(const Tensor& image, const ImageOptions& options = {});
/// The same as PGM (grey) or PPM (colours), in their binary form.
void write_pnm(const std::string& path, const Tensor& image, const ImageOptions& options = {});

/// Options of tile().
struct TileOptions {
  int64_t columns = 0;    ///< 0: as many as make the sheet about square
  int64_t gap = 2;        ///< pixels between images and around them
  double background = 1;  ///< the value of the gaps and of places without an image
};

/// A contact sheet: images (N, C, H, W) row by row beside each other → (C, H', W'). Throws
/// std::invalid_argument for other shapes and negative options.
Tensor tile(const Tensor& images, const TileOptions& options = {});

}  // namespace gradus::data
