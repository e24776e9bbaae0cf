// Line charts as SVG: the loss of a run, the measurements of an experiment.
#pragma once

#include "apps/pictures/axis.hpp"

namespace gradus::pictures {

/// A line through the points (x[i], y[i]), broken where either is NaN or infinite; x in any order.
struct Series {
  std::string name;
  std::vector<double> x = {}, y = {};

  void add(double at, double value) {
    x.push_back(at);
    y.push_back(value);
  }
};

/// Of both axes. On a logarithmic one there is no place for 0 and less.
struct ChartScales {
  Scale x = Scale::linear, y = Scale::linear;
};
constexpr ChartScales log_x{.x = Scale::logarithmic}, log_y{.y = Scale::logarithmic},
    log_log{Scale::logarithmic, Scale::logarithmic};

/// Labels name the quantity and its unit: "accuracy (%)". Six series have colours of their own, six
/// more the same ones dashed, and another six dotted.
struct Chart {
  std::string title, x_label, y_label;
  std::vector<Series> series = {};
  ChartScales scales = {};
};

/// A self-contained image of the charts in one row, for light and dark screens. Lines of few points
/// have them marked, each with its values as a tooltip; a chart without points says so. Texts that
/// are too long are cut. Throws std::invalid_argument when a series has more x than y or fewer.
std::string render(const std::vector<Chart>& side_by_side);
/// The same in several rows, which may differ in length.
std::string render_rows(const std::vector<std::vector<Chart>>& rows);

}  // namespace gradus::pictures
