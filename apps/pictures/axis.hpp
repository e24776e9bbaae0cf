// The axes of a chart: which values they span, their ticks and the ticks' texts.
#pragma once

#include <limits>
#include <string>
#include <vector>

namespace gradus::pictures {

enum class Scale { linear, logarithmic };

/// A value's place on an axis of that scale: itself, or its logarithm to base 10.
double placed(double value, Scale scale);

/// Whether a place can be drawn. Beyond 1e300 sums and differences of coordinates could overflow.
bool drawable(double place);

/// The places that an axis has to show.
struct AxisRange {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  bool whole = true;  ///< all places are whole numbers

  void add(double place);
  bool empty() const { return low > high; }
};

/// Places from `low` to `high`, and the ticks among them.
struct ChartAxis {
  double low, high, step;
  Scale scale = Scale::linear;

  std::vector<double> ticks() const;
  /// 0 … 1 from one end to the other.
  double fraction(double place) const { return (place - low) / (high - low); }
  /// In as many digits as the axis needs: 0.25, 40, 20k, 3M, 5e-06; powers of ten as 0.01, 100,
  /// 1e+06.
  std::string text(double tick) const;
};

/// From the first place to the last, with about `ticks` ticks.
ChartAxis x_axis(const AxisRange& range, Scale scale, int ticks = 7);
/// Begins and ends at a tick.
ChartAxis y_axis(const AxisRange& range, Scale scale);

}  // namespace gradus::pictures
