// augment: random changes of training images (moved, bent, noisy, partly erased).
#pragma once

#include "core/text/registry.hpp"
#include "data/loader.hpp"
#include "data/transform/warp.hpp"

namespace gradus::data {

/// The pixels of one image, (channels, height, width), to be changed in place.
struct Pixels {
  float* values;     ///< channel by channel, row by row; white is 1
  int64_t channels;  ///< 1 for grey, 3 for colours
  int64_t height;    ///< rows
  int64_t width;     ///< columns
};

/// One kind of change, drawn anew for every image; it has exactly one of the two functions.
struct Augmentation {
  std::function<void(Warp& warp, Rng& rng)> move = {};            ///< changes positions
  std::function<void(const Pixels& pixels, Rng& rng)> draw = {};  ///< changes values
};

/// Makes an augmentation from its specification. Throws std::invalid_argument for an argument out
/// of its range and for too many arguments.
using AugmentationFactory = std::function<Augmentation(const Spec& spec)>;

/// All names: rotate, shift, zoom, shear, flip, crop, elastic, noise, erase. Their arguments are
/// numbers, and all have defaults; the help names them.
const Registry<AugmentationFactory>& augmentations();

/// Changes a batch of images (N, C, H, W) with values from 0 to 1 (white), as Loader passes them to
/// its transform. First the moves are composed, in their order, and the image is resampled once;
/// then the values are changed, in their order. Each image has a separate generator, a fork of one
/// number of `rng`: the result doesn't depend on the number of threads. The returned function
/// throws std::invalid_argument for anything but f32 (N, C, H, W).
BatchTransform augment(std::vector<Augmentation> augmentations);

/// The same from text, specifications joined by "+": "rotate:10 + shift + elastic:34,sigma=4". The
/// older form with commas between them and "/" between arguments also works:
/// "rotate:10,shift,elastic:34/4". Throws std::invalid_argument for an empty text, an unknown name,
/// an argument out of its range and too many arguments.
BatchTransform augment(std::string_view text);

}  // namespace gradus::data
