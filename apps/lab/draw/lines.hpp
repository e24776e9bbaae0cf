// Charts of functions.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
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

/// Numbers whose logarithms to base 10 are at equal distances, those of the ends being given.
inline std::vector<double> powers_of_ten(double first, double last, std::size_t count) {
  std::vector<double> result = spaced(first, last, count);
  for (double& value : result) value = std::pow(10, value);
  return result;
}

/// A function's values at x.
template <class Function>
pictures::Series sampled(const std::string& name, const std::vector<double>& x, Function function) {
  pictures::Series series{name, x, {}};
  for (const double value : x) series.y.push_back(function(value));
  return series;
}

/// values[0], values[1], … at 1, 2, …; of many, those at about equal distances on a logarithmic
/// axis, and the last.
inline pictures::Series thinned_curve(const std::string& name, const std::vector<double>& values) {
  pictures::Series series{name, {}, {}};
  for (std::size_t i = 1; i <= values.size();) {
    series.x.push_back(static_cast<double>(i));
    series.y.push_back(values[i - 1]);
    i = i == values.size() ? i + 1 : std::min(values.size(), i + 1 + i / 10);
  }
  return series;
}

/// A chart, written as a call.
inline pictures::Chart line_chart(const std::string& title, const std::string& x_label,
                                  const std::string& y_label, std::vector<pictures::Series> series,
                                  pictures::Scale x_scale = pictures::Scale::linear,
                                  pictures::Scale y_scale = pictures::Scale::linear) {
  return {title, x_label, y_label, std::move(series), x_scale, y_scale};
}

inline pictures::Chart log_log_chart(const std::string& title, const std::string& x_label,
                                     const std::string& y_label,
                                     std::vector<pictures::Series> series = {}) {
  return line_chart(title, x_label, y_label, std::move(series), pictures::Scale::logarithmic,
                    pictures::Scale::logarithmic);
}

}  // namespace gradus::lab
