// Regions: the regions of classes in the plane, several times side by side; render: draws them as
// SVG.
#pragma once

#include "apps/pictures/axis.hpp"
#include "core/tensor.hpp"

namespace gradus::pictures {

struct RegionPanel {
  std::string title;
  std::string png;  ///< of region_colours(), over the whole panel
};

/// A sample.
struct RegionPoint {
  double x, y;
  int64_t label;  ///< its class
};

struct Regions {
  std::string title, x_label, y_label;
  int64_t classes;
  AxisRange x, y;  ///< the ends of the axes
  std::vector<RegionPanel> panels = {};
  std::vector<RegionPoint> points = {};  ///< drawn in each panel
};

/// A self-contained image with three panels in a row and a legend of the classes; more than six
/// classes share colours. A page can have one: the points are in it once, as the element
/// "region-points". Throws std::invalid_argument for an empty range.
std::string render(const Regions& regions);

/// The colour of the most probable class of each place, the fainter the less probable it is:
/// probabilities f32 (H, W, classes) → f32 (3, H, W) for data::to_png. White where they are NaN.
/// Throws std::invalid_argument for other shapes.
Tensor region_colours(const Tensor& probabilities);

}  // namespace gradus::pictures
