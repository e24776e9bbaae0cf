// BarChart: a chart of horizontal bars; render: draws it as SVG.
#pragma once

#include <string>
#include <vector>

namespace gradus::pictures {

struct Bar {
  std::string name;
  double length;      ///< 0 … 1, as a fraction of the longest possible bar
  std::string text;   ///< the value, printed beside the bar
  double spread = 0;  ///< a line from length − spread to length + spread, cut at 0 and 1
};

struct BarChart {
  std::string title, subtitle;
  std::vector<Bar> bars;
};

/// A self-contained image for light and dark screens, with a row for each bar; long texts make the
/// bars shorter. Throws std::invalid_argument for a length outside 0 … 1.
std::string render(const BarChart& chart);

}  // namespace gradus::pictures
