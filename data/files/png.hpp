// PNG in memory, by libpng; used by image.cpp.
#pragma once

#include <span>

#include "data/files/raster.hpp"

namespace gradus::data {

bool is_png(std::span<const uint8_t> bytes);
/// With opacity where the file has any. Errors are std::runtime_error "path: …".
Raster decode_png(const std::string& path, std::span<const uint8_t> bytes);
std::string encode_png(const std::string& path, const Raster& raster);

}  // namespace gradus::data
