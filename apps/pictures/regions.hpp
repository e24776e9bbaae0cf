// Regions: the regions of classes in the plane, several times side by side; render: draws them as
// SVG.
#pragma once

#include "apps/pictures/axis.hpp"
#include "core/tensor.hpp"

namespace gradus::pictures {

/// One picture of the regions.
struct RegionPanel {
  std::string title;  ///< above the panel
  std::string png;    ///< of region_colours(), over the whole panel
};

/// A sample.
struct RegionPoint {
  double x;       ///< its first feature
  double y;       ///< its second feature
  int64_t label;  ///< its class
};

/// The regions of classes in the plane.
struct Regions {
  std::string title;                     ///< of the picture
  std::string x_label;                   ///< below the x axis
  std::string y_label;                   ///< above the y axis
  int64_t classes;                       ///< how many there are, for the legend
  AxisRange x;                           ///< the ends of the x axis
  AxisRange y;                           ///< the ends of the y axis
  std::vector<RegionPanel> panels = {};  ///< side by side
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
