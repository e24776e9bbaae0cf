// flattened: evens out the light of a photograph; used by fit_image.cpp.
#pragma once

#include <optional>

#include "data/picture/plane.hpp"

namespace gradus::data {

/// A photograph as it would be in even light: light paper is white, a dark ground has everywhere
/// the value of its brightest part.
struct Flattened {
  Plane plane;                  ///< the picture, divided by its ground
  bool ink_is_lighter = false;  ///< than the ground
  double contrast = 0;  ///< the mean difference to the ground of what Otsu's threshold separates
  /// Whether the ground couldn't be told: a part is nearly black, or the edge is still uneven.
  bool doubtful = false;
};

/// Evens out the light if the ground at the picture's edge is uneven; otherwise nothing. Without
/// `ink_is_lighter` ink is what covers less of the picture.
///
/// The ground is the closing of the picture by a square, a third of the shorter side wide (Serra
/// 1982): it fills dark lines that are narrower than the square and keeps the edges of shadows that
/// are wider. For light ink it is the opening. Light multiplies what the paper reflects, so the
/// picture is divided by its ground (Lu, Su and Tan 2010).
std::optional<Flattened> flattened(const Plane& picture, std::optional<bool> ink_is_lighter = {});

}  // namespace gradus::data
