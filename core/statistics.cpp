#include "core/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
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

bool clearly_below(const Estimate& a, const Estimate& b) {
  const double error = std::sqrt(a.spread * a.spread / static_cast<double>(a.runs) +
                                 b.spread * b.spread / static_cast<double>(b.runs));
  return b.mean - a.mean > 2 * error;  // false if an error is NaN
}

std::string to_string(const Estimate& estimate, int decimals) {
  const std::string mean = fmt::format("{:.{}f}", estimate.mean, decimals);
  if (std::isnan(estimate.spread)) return mean;
  return mean + fmt::format(" ± {:.{}f}", estimate.spread, decimals);
}

}  // namespace gradus
