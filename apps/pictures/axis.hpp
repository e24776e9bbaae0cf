// ChartAxis, x_axis, y_axis: the axes of a chart with their range, ticks and labels.
#pragma once

#include <limits>
#include <string>
#include <vector>

namespace gradus::pictures {

/// How values are placed on an axis.
enum class AxisScale {
  linear,       ///< by their value
  logarithmic,  ///< by their logarithm to base 10
};

/// The place of a value on an axis: the value itself, or its logarithm to base 10.
double placed(double value, AxisScale scale);

/// Whether a place can be drawn: it is finite and below 1e300, so that coordinates don't overflow.
bool drawable(double place);

/// The range of the places on an axis.
struct AxisRange {
  double low = std::numeric_limits<double>::infinity();  ///< the smallest place
  double high = -low;                                    ///< the largest place
  bool whole = true;                                     ///< all places are whole numbers

  /// Widens the range to contain `place`.
  void add(double place);
  /// Whether it has no place.
  bool empty() const { return low > high; }
};

/// An axis from `low` to `high` with ticks at multiples of `step`.
struct ChartAxis {
  double low;                           ///< the place of its beginning
  double high;                          ///< the place of its end
  double step;                          ///< the distance of its ticks
  AxisScale scale = AxisScale::linear;  ///< how values are placed

  /// The places of its ticks.
  std::vector<double> ticks() const;
  /// 0 at `low` and 1 at `high`.
  double fraction(double place) const { return (place - low) / (high - low); }
  /// The label of a tick with as many digits as necessary: 0.25, 40, 20k, 3M, 5e-06; on a
  /// logarithmic axis 0.01, 100, 1e+06.
  std::string text(double tick) const;
};

/// An axis from the first place to the last, with about `ticks` ticks.
ChartAxis x_axis(const AxisRange& range, AxisScale scale, int ticks = 7);
/// An axis that begins and ends at a tick.
ChartAxis y_axis(const AxisRange& range, AxisScale scale);

}  // namespace gradus::pictures
