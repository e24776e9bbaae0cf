// Horizontal bars as SVG: one quantity of several things.
#pragma once

#include <string>
#include <vector>

namespace gradus::pictures {

struct Bar {
  std::string name;
  double length;     ///< 0 … 1, of the longest possible
  std::string text;  ///< beside it: its value
};

struct BarChart {
  std::string title, subtitle;
  std::vector<Bar> bars;
};

/// A self-contained image for light and dark screens, a bar a row. Throws std::invalid_argument for
/// a length outside 0 … 1.
std::string render(const BarChart& chart);

}  // namespace gradus::pictures
