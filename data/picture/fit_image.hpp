// fit_image: converts any picture to the input of a model, framed like the model's training images.
#pragma once

#include "data/picture/framing.hpp"

namespace gradus::data {

/// Whether black and white are exchanged.
enum class Invert {
  automatic,  ///< if the picture's background is dark and the training images' light, or vice versa
  yes,        ///< always
  no,         ///< never
};

/// Options of fit_image().
struct FitImageOptions {
  /// The framing of the training images; without it a picture is only scaled.
  std::optional<Framing> framing = {};
  /// Whether black and white are exchanged. Without a framing `automatic` means no.
  Invert invert = Invert::automatic;
};

/// Result of fit_image().
struct FittedImage {
  Tensor image;  ///< f32, of the requested shape, values 0 … 1
  /// The changes, such as "inverted (dark on light), cropped to 93×141, scaled to 13×20"; empty if
  /// there were none.
  std::string steps = {};
};

/// Converts `image` (C, H, W), with values 0 … 1 and C = 1 or 3, to the shape `input`.
///
/// An image of that height and width is only inverted, if nine tenths of its edge have the opposite
/// background. Any other image is made grey or coloured as the model needs. Without a framing it is
/// then scaled; with a framing
/// - uneven light is evened out (see flattened()), so that shadows don't become ink; `steps` tells
/// so, and where the result is doubtful;
/// - its background is the median of its edge; values become ink from 0 (the background) to 1 (the
/// mean of the pixels that Otsu's threshold (1979) separates from it), so that paper and lighting
/// of a photo don't matter;
/// - specks smaller than a fiftieth of the largest part are removed, and lines that would be
/// thinner than three quarters of the framing's stroke are thickened;
/// - the box around the ink is scaled to the framing's extent, with its proportions kept and each
/// pixel the mean over the area it covers, and moved to the framing's place.
///
/// Throws std::invalid_argument for other shapes, and for a blank picture.
FittedImage fit_image(const Tensor& image, const Shape& input, const FitImageOptions& options = {});

}  // namespace gradus::data
