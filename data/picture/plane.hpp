// Plane: a grey image of ink on a background, and its measures; used by framing.cpp and
// fit_image.cpp.
#pragma once

#include "core/tensor.hpp"

namespace gradus::data {

/// Pixel values, row by row: 0 for the background, 1 for ink.
struct Plane {
  int64_t height = 0, width = 0;
  std::vector<float> values = {};

  Plane(int64_t rows, int64_t columns)
      : height(rows), width(columns), values(static_cast<std::size_t>(rows * columns)) {}
  float& at(int64_t y, int64_t x) { return values[static_cast<std::size_t>(y * width + x)]; }
  float at(int64_t y, int64_t x) const { return values[static_cast<std::size_t>(y * width + x)]; }
};

/// One channel of an image f32 (C, H, W).
Plane plane(const Tensor& image, int64_t channel);
/// The luma of an image with 1 or 3 channels (ITU-R BT.601: 0.299 red, 0.587 green, 0.114 blue).
Plane grey(const Tensor& image);

/// Rows top … bottom − 1, columns left … right − 1.
struct Box {
  int64_t top = 0, left = 0, bottom = 0, right = 0;

  int64_t height() const { return bottom - top; }
  int64_t width() const { return right - left; }
};
/// The smallest box around all values of at least `least`; its height is 0 if there are none.
Box box_of(const Plane& plane, float least);

/// A place on a plane; the middle of the first pixel is (0, 0).
struct Point {
  double row = 0, column = 0;
};
Point middle(const Box& box);
/// The centre of mass, with the values as masses; at least one must not be 0.
Point centre_of_mass(const Plane& plane);

/// The mean thickness, in pixels, of the lines of values 0.5 and more: 2·area/outline. The length
/// of the outline is estimated as π/4 of the pixel edges on it (exact if all directions are equally
/// frequent).
double thickness(const Plane& plane);

/// The threshold between background and object with the largest variance between the two classes
/// (Otsu 1979).
float otsu_threshold(const Plane& plane);
/// The mean of the values above `limit`; 0 if there are none.
double mean_above(const Plane& plane, float limit);

/// The pixels on the edge of the plane, each once.
std::vector<double> border(const Plane& plane);

/// The part of `plane` in `box`, scaled: each value is the mean over the area that its pixel
/// covers.
Plane scaled(const Plane& plane, const Box& box, int64_t height, int64_t width);

/// Each value becomes the largest within `radius`; the plane grows by the radius on each side.
Plane thickened(const Plane& plane, double radius);

/// Sets small connected parts to 0: those with fewer than `share` times the pixels of the largest
/// part. A part consists of values 0.5 and more; a pixel is connected to its 8 neighbours.
void drop_specks(Plane& plane, double share);

}  // namespace gradus::data
