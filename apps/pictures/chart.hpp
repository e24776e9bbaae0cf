// Line charts as SVG: the loss of a run, the measurements of an experiment.
#pragma once

#include <string>
#include <vector>

#include "apps/pictures/axis.hpp"

namespace gradus::pictures {

/// A line through the points (x[i], y[i]), broken where either is NaN or infinite; x in any order.
struct Series {
  std::string name;
  std::vector<double> x, y;
};

/// Labels name the quantity and its unit: "accuracy (%)". Six series have colours of their own, six
/// more the same ones dashed, and another six dotted. On a logarithmic axis there is no place for 0
/// and less.
struct Chart {
  std::string title, x_label, y_label;
  std::vector<Series> series;
  Scale x_scale = Scale::linear, y_scale = Scale::linear;
};

/// A self-contained image of the charts in one row, for light and dark screens. Lines of few points
/// have them marked, each with its values as a tooltip; a chart without points says so. Texts that
/// are too long are cut. Throws std::invalid_argument when a series has more x than y or fewer.
std::string render(const std::vector<Chart>& side_by_side);
/// The same in several rows, which may differ in length.
std::string render_rows(const std::vector<std::vector<Chart>>& rows);

}  // namespace gradus::pictures
