// exif_orientation, upright: read how the camera was held, and rotate the image accordingly; used
// by jpeg.cpp and webp.cpp.
#pragma once

#include "data/files/raster.hpp"

namespace gradus::data {

/// The orientation, 1 … 8, in an APP1 segment of a JPEG or an EXIF chunk of a WebP file (Exif 2.3,
/// tag 0x0112; in WebP often without the name "Exif"); 1 (upright) if it has none or is damaged.
int exif_orientation(std::span<const uint8_t> segment);

/// The image as it should be shown; `stored` has the given orientation.
Raster upright(Raster stored, int orientation);

}  // namespace gradus::data
