// Framing: size, place and stroke of the objects in a data set's images.
#pragma once

#include <optional>

#include "data/dataset.hpp"

namespace gradus::data {

/// One object on an even background, with the same size and place in all images, as in MNIST (LeCun
/// et al. 1998: the digit's longer side is 20 pixels, its centre of mass the middle of 28×28).
struct Framing {
  double ground = 0;   ///< value of the background: 0 is black, 1 white
  int64_t extent = 0;  ///< longer side of the object's bounding box, in pixels
  /// Whether (row, column) is the object's centre of mass; false: the middle of its bounding box.
  bool by_mass = false;
  double row = 0;     ///< from the top; the middle of the first pixel is (0, 0)
  double column = 0;  ///< from the left
  double stroke = 0;  ///< thickness of the lines, in pixels
};

/// The common framing of the first images (at most a thousand, with values 0 … 1 before the data
/// set's normalization). Nothing if the samples are not images of 1 or 3 channels, or their corners
/// are neither nearly all black nor nearly all white. It takes medians, so that outliers matter
/// little.
std::optional<Framing> find_framing(const Dataset& train);

}  // namespace gradus::data
