// How the images of a data set show their objects.
#pragma once

#include <optional>

#include "data/dataset.hpp"

namespace gradus::data {

/// One object on an even ground, scaled to a size and put to a place that are the same in all
/// images, as in MNIST (LeCun et al. 1998: the digit's longer side is 20 pixels, its centre of mass
/// the middle of 28×28).
struct Framing {
  double ground = 0;   ///< its value: 0 is black, 1 white
  int64_t extent = 0;  ///< the longer side of the object's box, in pixels
  /// What of the object lies at (row, column) in all images: its centre of mass, or its box's.
  bool by_mass = false;
  double row = 0;     ///< from the top; the middle of the first pixel is 0, 0
  double column = 0;  ///< from the left
  double stroke = 0;  ///< thickness of its lines, in pixels
};

/// What the first images (a thousand at most, of values 0 … 1 before the data set's normalization)
/// have in common; nothing where samples are no images of 1 or 3 channels, or their corners neither
/// nearly all black nor nearly all white. Medians, so that odd ones out count little.
std::optional<Framing> find_framing(const Dataset& train);

}  // namespace gradus::data
