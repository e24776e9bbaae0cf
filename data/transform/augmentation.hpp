// Images that a training could also have seen: moved, bent, noisy or partly hidden.
#pragma once

#include "core/text/registry.hpp"
#include "data/loader.hpp"
#include "data/transform/warp.hpp"

namespace gradus::data {

/// The pixels of one image, (channels, height, width), for a change in place.
struct Pixels {
  float* values;     ///< channel by channel, row by row; white is 1
  int64_t channels;  ///< 1 for grey, 3 for colours
  int64_t height;    ///< rows
  int64_t width;     ///< columns
};

/// One kind of change, drawn anew for every image; it has one of the two.
struct Augmentation {
  std::function<void(Warp& warp, Rng& rng)> move = {};            ///< of positions
  std::function<void(const Pixels& pixels, Rng& rng)> draw = {};  ///< of values
};

/// Throws std::invalid_argument for an argument that is out of its range or one too many.
using AugmentationFactory = std::function<Augmentation(const Spec& spec)>;

/// All names: rotate, shift, zoom, shear, flip, crop, elastic, noise, erase. The arguments of each
/// are numbers, all of which have defaults; the help names them.
const Registry<AugmentationFactory>& augmentations();

/// Changes of a batch of images (N, C, H, W) in units of white = 1, as Loader gives them to its
/// transform. The moves are composed, in their order, and the image is resampled once; then values
/// are changed, in their order. Each image has a generator of its own, a fork of one number of
/// `rng`: the result doesn't depend on the number of threads. The result throws
/// std::invalid_argument for anything but f32 (N, C, H, W).
BatchTransform augment(std::vector<Augmentation> augmentations);

/// The same from text, specs joined by "+": "rotate:10 + shift + elastic:34,sigma=4". Also joined
/// by commas, with "/" between arguments: "rotate:10,shift,elastic:34/4". Throws
/// std::invalid_argument for an empty text, an unknown name, or an argument that is out of its
/// range or one too many.
BatchTransform augment(std::string_view text);

}  // namespace gradus::data
