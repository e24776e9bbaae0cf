// Chart: a line chart; render, render_rows: draw charts as SVG.
#pragma once

#include <cstdint>
#include <optional>

#include "apps/pictures/axis.hpp"

namespace gradus::pictures {

/// How a series is drawn.
enum class Mark : uint8_t {
  line,   ///< a line; if it has few points, they are marked, with their values as tooltips
  thin,   ///< a thin line
  faint,  ///< a thin and translucent line
  dots,   ///< small translucent points
  bars,   ///< a bar from 0 to each point, as wide as the distance of the first two points
};

/// The points (x[i], y[i]). A line is interrupted where either is NaN or infinite; x may have any
/// order.
struct Series {
  std::string name;
  std::vector<double> x = {}, y = {};
  Mark mark = Mark::line;
  std::optional<std::size_t> colour = {};  ///< 0 … 5; the default depends on its place

  void add(double at, double value) {
    x.push_back(at);
    y.push_back(value);
  }
};

/// The scales of both axes. A logarithmic axis has no place for values ≤ 0.
struct ChartScales {
  AxisScale x = AxisScale::linear, y = AxisScale::linear;
};
constexpr ChartScales log_x{.x = AxisScale::logarithmic}, log_y{.y = AxisScale::logarithmic},
    log_log{AxisScale::logarithmic, AxisScale::logarithmic};

/// Labels contain the quantity and its unit: "accuracy (%)". A series is drawn above those before
/// it. The first six series have different colours, the next six the same colours with dashed
/// lines, the next six with dotted lines.
struct Chart {
  std::string title, x_label, y_label;
  std::vector<Series> series = {};
  ChartScales scales = {};
  AxisRange x_range = {}, y_range = {};  ///< places to show, also where there are no points
  double plot_height = 220;              ///< in pixels; the plot is 396 wide
};

/// A self-contained image of the charts in one row, for light and dark screens. A chart without
/// points contains "no data". Long names take several lines in the legend, other long texts are
/// cut. Throws std::invalid_argument if the numbers of x and y of a series differ.
std::string render(const std::vector<Chart>& side_by_side);
/// The same in several rows, which may have different lengths.
std::string render_rows(const std::vector<std::vector<Chart>>& rows);

}  // namespace gradus::pictures
