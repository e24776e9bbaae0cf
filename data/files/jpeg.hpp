// JPEG in memory, by libjpeg; used by image.cpp.
#pragma once

#include <span>

#include "data/files/raster.hpp"

namespace gradus::data {

bool is_jpeg(std::span<const uint8_t> bytes);
/// Grey, or colours. Errors are std::runtime_error "path: …".
Raster decode_jpeg(const std::string& path, std::span<const uint8_t> bytes);

}  // namespace gradus::data
