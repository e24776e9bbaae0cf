// read_image, read_image_bytes, write_png, tile: read and write image files.
#pragma once

#include "core/tensor.hpp"
#include "data/files/image_bytes.hpp"

namespace gradus::data {

/// The image of a PNG, JPEG, WebP, BMP, PBM, PGM or PPM file (recognized by its content), f32
/// (C, H, W) with values 0 … 1: C is 1 for grey and 3 for colours. Transparent pixels are put on
/// white. PNG: 1 to 16 bits, palettes, interlaced. JPEG: grey and colours, progressive or not.
/// WebP: with and without losses, always colours. JPEG and WebP are rotated as the camera was held.
/// BMP: palettes of 1, 4 and 8 bits (grey if all their colours are), 16, 24 and 32 bits, also with
/// masks; not compressed. PBM, PGM and PPM: text and binary, up to 16 bits. Throws
/// std::runtime_error "path: …" for a file that is missing, damaged, cut off, of another format, an
/// animation or larger than 2^28 values; it checks the size before it allocates memory.
Tensor read_image(const std::string& path);

/// The image of a file as read_image() reads it, as bytes: round(255·v/w) for a value v of a file
/// whose white is w, such as 65535. Throws as read_image(), and std::invalid_argument for negative
/// options.
ImageBytes read_image_bytes(const std::string& path, const ImageBytesOptions& options = {});

/// Options of write_png(), to_png() and write_pnm().
struct ImageOptions {
  int bits = 8;  ///< per value in the file, 8 or 16
};

/// Writes f32 (H, W) or (C, H, W), C = 1 for grey or 3 for colours, as PNG; values below 0 become
/// black, above 1 white, and all others round(x·(2^bits − 1)). The file is written completely or
/// not at all (write_file_atomically). Throws std::invalid_argument for other shapes, NaN and other
/// numbers of bits.
void write_png(const std::string& path, const Tensor& image, const ImageOptions& options = {});
/// The bytes of such a PNG file.
std::string to_png(const Tensor& image, const ImageOptions& options = {});
/// The same as binary PGM (grey) or PPM (colours).
void write_pnm(const std::string& path, const Tensor& image, const ImageOptions& options = {});

/// Options of tile().
struct TileOptions {
  int64_t columns = 0;    ///< 0: chosen so that the sheet is about square
  int64_t gap = 2;        ///< pixels between images and around them
  double background = 1;  ///< value of the gaps and of empty places
};

/// A contact sheet: places images (N, C, H, W) in a grid, row by row → (C, H', W'). Throws
/// std::invalid_argument for other shapes and negative options.
Tensor tile(const Tensor& images, const TileOptions& options = {});

}  // namespace gradus::data
