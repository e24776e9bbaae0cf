// Grey planes, and what can be measured of the ink on them; used by framing.cpp and fit_image.cpp.
#pragma once

#include "core/tensor.hpp"

namespace gradus::data {

/// Values of pixels, row by row: 0 for the ground, 1 for ink.
struct Plane {
  int64_t height = 0, width = 0;
  std::vector<float> values = {};

  Plane(int64_t rows, int64_t columns)
      : height(rows), width(columns), values(static_cast<std::size_t>(rows * columns)) {}
  float& at(int64_t y, int64_t x) { return values[static_cast<std::size_t>(y * width + x)]; }
  float at(int64_t y, int64_t x) const { return values[static_cast<std::size_t>(y * width + x)]; }
};

/// A channel of an image f32 (C, H, W).
Plane plane(const Tensor& image, int64_t channel);
/// The luma of an image with 1 or 3 channels (ITU-R BT.601: 0.299 red, 0.587 green, 0.114 blue).
Plane grey(const Tensor& image);

/// Rows top … bottom − 1, columns left … right − 1.
struct Box {
  int64_t top = 0, left = 0, bottom = 0, right = 0;

  int64_t height() const { return bottom - top; }
  int64_t width() const { return right - left; }
};
/// The smallest box around all values of `least` and more; of no height where there are none.
Box box_of(const Plane& plane, float least);

/// A place on a plane; the middle of the first pixel is 0, 0.
struct Point {
  double row = 0, column = 0;
};
Point middle(const Box& box);
/// Of the values as masses, which aren't all 0.
Point centre_of_mass(const Plane& plane);

/// The mean thickness in pixels of what is 0.5 and more: twice its area by its outline, whose
/// length is π/4 of the pixels' edges on it (all directions being equally frequent).
double thickness(const Plane& plane);

/// The pixels on the edge of the plane, each once.
std::vector<double> border(const Plane& plane);

/// The part of `plane` in `box`, scaled: each value is the mean over the area that its pixel
/// covers.
Plane scaled(const Plane& plane, const Box& box, int64_t height, int64_t width);

/// Each value the largest within `radius`, on a plane that is larger by it on each side.
Plane thickened(const Plane& plane, double radius);

/// Sets to 0 what belongs to no connected part, of values from 0.5 on, that has at least `share` of
/// the pixels of the largest; a pixel's 8 neighbours are connected.
void drop_specks(Plane& plane, double share);

}  // namespace gradus::data
