// Line charts as SVG: loss and accuracy of a run.
#pragma once

#include <string>
#include <vector>

namespace gradus::app {

/// A line through the points (x[i], y[i]), broken where either is NaN or infinite; x in any order.
struct Series {
  std::string name;
  std::vector<double> x, y;
};

/// Labels name the quantity and its unit: "accuracy (%)".
struct Chart {
  std::string title, x_label, y_label;
  std::vector<Series> series;
};

/// A self-contained image of the charts in one row, for light and dark screens. Lines of few points
/// have them marked, each with its values as a tooltip; a chart without points says so. Texts that
/// are too long are cut. Throws std::invalid_argument when a series has more x than y or fewer.
std::string render(const std::vector<Chart>& side_by_side);

}  // namespace gradus::app
