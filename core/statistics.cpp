#include "core/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "core/error.hpp"

namespace gradus {

Estimate estimate(std::span<const double> values) {
  require(!values.empty(), "estimate", "at least one value is needed");
  const double runs = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / runs;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double spread = values.size() > 1 ? std::sqrt(squares / (runs - 1))
                                          : std::numeric_limits<double>::quiet_NaN();
  return {mean, spread, std::ssize(values)};
}

double median(std::vector<double> values) {
  require(!values.empty(), "median", "at least one value is needed");
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double student_t(double degrees) {
  require(degrees >= 1, "student_t", "degrees must be 1 or more, got {}", degrees);
  // With t = √degrees·tan θ the density is proportional to cos^(degrees − 1) θ. Beyond 1000 degrees
  // t changes in the fourth digit only.
  const double power = std::min(degrees, 1000.0) - 1;
  constexpr int cells = 20000;
  constexpr double width = std::numbers::pi / 2 / cells;
  const auto density = [&](int cell) { return std::pow(std::cos((cell + 0.5) * width), power); };
  double whole = 0;
  for (int cell = 0; cell < cells; ++cell) whole += density(cell);
  double part = 0;
  int cell = 0;
  while (part + density(cell) < 0.95 * whole) part += density(cell++);
  const double theta = (cell + (0.95 * whole - part) / density(cell)) * width;
  return std::sqrt(power + 1) * std::tan(theta);
}

Interval difference(const Estimate& a, const Estimate& b) {
  double variance = 0, squares = 0;  // of the difference; the sum in Welch and Satterthwaite's rule
  for (const Estimate* estimate : {&a, &b}) {
    if (estimate->spread == 0) continue;
    const double part = estimate->spread * estimate->spread / static_cast<double>(estimate->runs);
    variance += part;
    squares += part * part / static_cast<double>(estimate->runs - 1);
  }
  if (std::isnan(variance)) return {-INFINITY, INFINITY};
  const double half =
      variance == 0 ? 0 : student_t(variance * variance / squares) * std::sqrt(variance);
  return {a.mean - b.mean - half, a.mean - b.mean + half};
}

bool clearly_below(const Estimate& a, const Estimate& b) {
  return difference(a, b).high < 0;
}

std::string to_string(const Estimate& estimate, int decimals) {
  const std::string mean = fmt::format("{:.{}f}", estimate.mean, decimals);
  if (std::isnan(estimate.spread)) return mean;
  return mean + fmt::format(" ± {:.{}f}", estimate.spread, decimals);
}

}  // namespace gradus
