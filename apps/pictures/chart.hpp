// Chart: a chart of lines and points, if wanted above a heat map; render, render_rows: draw charts
// as SVG.
#pragma once

#include <cstdint>
#include <optional>

#include "apps/pictures/axis.hpp"
#include "apps/pictures/colours.hpp"

namespace gradus::pictures {

/// How a series is drawn.
enum class Mark : uint8_t {
  line,   ///< a line; if it has few points, they are marked, with their values as tooltips
  thin,   ///< a thin line
  faint,  ///< a thin and translucent line
  dots,   ///< points; many are small and translucent
  bars,   ///< a bar from 0 to each point, as wide as the distance of the first two points
};

/// The points (x[i], y[i]). A line is interrupted where either is NaN or infinite; x may have any
/// order.
struct Series {
  std::string name;                        ///< in the legend
  std::vector<double> x = {};              ///< of each point
  std::vector<double> y = {};              ///< of each point
  Mark mark = Mark::line;                  ///< how it is drawn
  std::optional<std::size_t> colour = {};  ///< 0 … 5; the default depends on its place

  /// Appends a point.
  void add(double at, double value) {
    x.push_back(at);
    y.push_back(value);
  }
};

/// The scales of both axes. A logarithmic axis has no place for values ≤ 0.
struct ChartScales {
  AxisScale x = AxisScale::linear;  ///< of the x axis
  AxisScale y = AxisScale::linear;  ///< of the y axis
};
/// A logarithmic x axis.
constexpr ChartScales log_x{.x = AxisScale::logarithmic};
/// A logarithmic y axis.
constexpr ChartScales log_y{.y = AxisScale::logarithmic};
/// Two logarithmic axes.
constexpr ChartScales log_log{AxisScale::logarithmic, AxisScale::logarithmic};

/// The numbers of a series, from a vector or from a tensor of rank 1.
struct SeriesValues : std::vector<double> {
  using std::vector<double>::vector;
  /// A copy.
  SeriesValues(const std::vector<double>& values) : vector(values) {}
  /// The same of f32.
  SeriesValues(const std::vector<float>& values) : vector(values.begin(), values.end()) {}
  /// Throws std::invalid_argument for tensors of other ranks.
  SeriesValues(const Tensor& values);
};

/// An image below the series. It fills x × y; its rows go from high y to low y.
struct Ground {
  std::string png;                    ///< the bytes of a PNG file
  AxisRange x;                        ///< from its left side to its right side
  AxisRange y;                        ///< from its lower side to its upper side
  std::optional<ColourBar> bar = {};  ///< its colours, for the legend
};

/// Labels contain the quantity and its unit: "accuracy (%)". A series is drawn above those before
/// it. The first six series have different colours, the next six the same colours with dashed
/// lines, the next six with dotted lines.
struct Chart {
  std::string title;                  ///< above the chart
  std::string x_label;                ///< below the x axis
  std::string y_label;                ///< above the y axis
  std::vector<Series> series = {};    ///< the lines and points
  ChartScales scales = {};            ///< of its axes
  AxisRange x_range = {};             ///< x to show, also where there are no points
  AxisRange y_range = {};             ///< y to show, also where there are no points
  double plot_height = 220;           ///< in pixels; the plot is 396 wide
  std::optional<Ground> ground = {};  ///< below the series

  /// Adds a line through the points (i, y[i]).
  Chart& line(const std::string& name, SeriesValues y);
  /// Adds a line through the points (x[i], y[i]).
  Chart& line(const std::string& name, SeriesValues x, SeriesValues y);
  /// Adds the points (x[i], y[i]).
  Chart& dots(const std::string& name, SeriesValues x, SeriesValues y);
  /// Puts values (H, W) below the series, as colours from light (the smallest) to dark blue (the
  /// largest); NaN is grey. The values divide x × y into equal rectangles: the first row lies at
  /// y.high, the first column at x.low. With `levels` above 0, each colour stands for an equal part
  /// of the range, and the borders of the colours are contour lines. Throws std::invalid_argument
  /// for other ranks and for no values.
  Chart& heat_map(const Tensor& values, AxisRange x, AxisRange y, int levels = 0);
  /// Puts an image (1 or 3, H, W) below the series.
  Chart& image(const Tensor& image, AxisRange x, AxisRange y);
};

/// A self-contained image of the charts in one row, for light and dark screens. A chart without
/// points contains "no data". Long names take several lines in the legend, other long texts are
/// cut. Throws std::invalid_argument if the numbers of x and y of a series differ.
std::string render(const std::vector<Chart>& side_by_side);
/// The same for one chart.
std::string render(const Chart& chart);
/// The same in several rows, which may have different lengths.
std::string render_rows(const std::vector<std::vector<Chart>>& rows);

}  // namespace gradus::pictures
