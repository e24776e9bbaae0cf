// picture_sample: a picture of any size as a sample of a data set of pictures; fits: the ways by
// name.
#pragma once

#include "core/tensor.hpp"
#include "core/text/registry.hpp"
#include "data/picture/resize.hpp"

namespace gradus::data {

/// All names: crop, pad, stretch.
const Registry<Fit>& fits();

/// The picture with the size and channels of `sample` (C, H, W), C = 1 or 3, channel by channel:
/// fitted() and to_channels().
std::vector<uint8_t> sample_bytes(const ImageBytes& image, const Shape& sample, Fit fit);

/// The bytes of a sample divided by 255, f32.
Tensor bytes_as_tensor(const std::vector<uint8_t>& values, const Shape& sample);

/// A picture f32 (1 or 3, H, W) with values 0 … 1, rounded to bytes, as such a sample. Throws
/// std::invalid_argument for other shapes.
Tensor picture_sample(const Tensor& picture, const Shape& sample, Fit fit);

}  // namespace gradus::data
