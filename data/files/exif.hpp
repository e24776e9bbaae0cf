// How a camera was held, from the metadata of its images; used by jpeg.cpp.
#pragma once

#include "data/files/raster.hpp"

namespace gradus::data {

/// The orientation, 1 … 8, in an APP1 segment of a JPEG file (Exif 2.3, tag 0x0112); 1, upright,
/// where it tells none or is damaged.
int exif_orientation(std::span<const uint8_t> segment);

/// The image as it is to be shown, which was stored in that orientation.
Raster upright(const Raster& stored, int orientation);

}  // namespace gradus::data
