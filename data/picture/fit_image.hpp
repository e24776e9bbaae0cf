// Any picture made into the input of a model that was trained on images of another kind.
#pragma once

#include "data/picture/framing.hpp"

namespace gradus::data {

/// Whether black and white are exchanged.
enum class Invert {
  automatic,  ///< where the edge of the picture is not as light as the training images' ground
  yes,        ///< always
  no,         ///< never
};

/// Options of fit_image().
struct FitImageOptions {
  /// How the training images show their objects; without it a picture is only scaled.
  std::optional<Framing> framing = {};
  /// Whether black and white are exchanged. Without a framing `automatic` never does it.
  Invert invert = Invert::automatic;
};

/// Result of fit_image().
struct FittedImage {
  Tensor image;  ///< f32, of the shape asked for, values 0 … 1
  /// What was done to it, as in "inverted (dark on light), cropped to 93×141, scaled to 13×20";
  /// empty for nothing.
  std::string steps = {};
};

/// `image` (C, H, W), of values 0 … 1 with C = 1 or 3, as an image of the shape `input`.
///
/// One of that height and width stays as it is, but for black and white where nine tenths of its
/// edge have the other ground. Another is made grey or coloured as the model needs and, without a
/// framing, scaled; with one
/// - its ground is the median of its edge, and the values are ink from 0 to 1 between it and the
///   mean of what stands out from it (by the threshold of Otsu 1979), so that paper and light of
///   a photo don't matter;
/// - specks below a fiftieth of the largest part are left out, and lines that would be thinner than
///   three quarters of the framing's stroke are thickened;
/// - the box around the ink is scaled to the framing's extent, its proportions kept, each pixel the
///   mean over the area it covers, and put into its place.
///
/// Throws std::invalid_argument for other shapes, and for a picture in which nothing stands out
/// from the ground.
FittedImage fit_image(const Tensor& image, const Shape& input, const FitImageOptions& options = {});

}  // namespace gradus::data
