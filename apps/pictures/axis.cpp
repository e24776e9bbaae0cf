#include "apps/pictures/axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

namespace gradus::pictures {
namespace {

// The smallest of 1, 2, 5 times a power of ten that is at least `step`.
double nice_step(double step) {
  const double power = std::pow(10, std::floor(std::log10(step)));
  for (const double factor : {1., 2., 5.})
    if (factor * power >= step * (1 - 1e-9)) return factor * power;
  return 10 * power;
}

// An axis of `range` with about `count` ticks. If all places are equal up to rounding, they lie in
// the middle. A logarithmic axis has ticks at powers of ten.
ChartAxis axis_of(const AxisRange& range, AxisScale scale, int count) {
  if (range.empty()) return {0, 1, scale == AxisScale::linear ? 0.2 : 1, scale};
  double low = range.low, high = range.high;
  const double size = std::max(std::abs(low), std::abs(high));
  const bool logarithmic = scale == AxisScale::logarithmic;
  if (high - low <= std::max(1e-9 * size, logarithmic ? 1e-9 : 1e-280)) {
    const double room = range.whole || size < 1e-280 || logarithmic ? 1 : 0.1 * size;
    low -= room;
    high += room;
  }
  const double step = nice_step((high - low) / count);
  return {low, high, logarithmic ? std::ceil(std::max(1., step)) : step, scale};
}

std::string linear_text(double value, const ChartAxis& axis) {
  const double largest = std::max(std::abs(axis.low), std::abs(axis.high));
  if (std::abs(value) < axis.step / 2) return "0";
  if (largest >= 1e12 || axis.step < 1e-4) return fmt::format("{:.4g}", value);
  const auto [unit, suffix] = largest >= 1e9   ? std::pair(1e9, "G")
                              : largest >= 1e6 ? std::pair(1e6, "M")
                              : largest >= 1e4 ? std::pair(1e3, "k")
                                               : std::pair(1.0, "");
  const int decimals =
      std::max(0, static_cast<int>(-std::floor(std::log10(axis.step / unit) + 1e-9)));
  return fmt::format("{:.{}f}{}", value / unit, decimals, suffix);
}

}  // namespace

double placed(double value, AxisScale scale) {
  return scale == AxisScale::linear ? value : std::log10(value);
}

bool drawable(double place) {
  return std::abs(place) < 1e300;
}

void AxisRange::add(double place) {
  low = std::min(low, place);
  high = std::max(high, place);
  whole = whole && place == std::floor(place);
}

std::vector<double> ChartAxis::ticks() const {
  std::vector<double> result;
  const auto last = static_cast<int64_t>(std::floor(high / step + 1e-6));
  for (auto i = static_cast<int64_t>(std::ceil(low / step - 1e-6)); i <= last; ++i)
    result.push_back(static_cast<double>(i) * step);
  return result;
}

std::string ChartAxis::text(double tick) const {
  if (scale == AxisScale::linear) return linear_text(tick, *this);
  return fmt::format("{:.4g}", std::pow(10, tick));
}

ChartAxis x_axis(const AxisRange& range, AxisScale scale, int ticks) {
  ChartAxis axis = axis_of(range, scale, ticks);
  if (range.whole) axis.step = std::max(1., axis.step);
  return axis;
}

ChartAxis y_axis(const AxisRange& range, AxisScale scale) {
  ChartAxis axis = axis_of(range, scale, 5);
  axis.low = std::floor(axis.low / axis.step + 1e-6) * axis.step;
  axis.high = std::ceil(axis.high / axis.step - 1e-6) * axis.step;
  return axis;
}

}  // namespace gradus::pictures
