// Functions as lines of charts.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "apps/pictures/chart.hpp"

namespace gradus::lab {

/// `count` numbers, two or more, from the first to the last at equal distances.
inline std::vector<double> spaced(double first, double last, std::size_t count) {
  std::vector<double> result;
  for (std::size_t i = 0; i < count; ++i)
    result.push_back(first +
                     (last - first) * static_cast<double>(i) / static_cast<double>(count - 1));
  return result;
}

/// A function's values at x.
template <class Function>
pictures::Series sampled(const std::string& name, const std::vector<double>& x, Function function) {
  pictures::Series series{name, x, {}};
  for (const double value : x) series.y.push_back(function(value));
  return series;
}

}  // namespace gradus::lab
