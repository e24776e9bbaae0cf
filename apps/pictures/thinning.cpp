#include "apps/pictures/thinning.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace gradus::pictures {
namespace {

constexpr double invisible = 0.0005;  // a fifth of a pixel of a chart

// The distance of point i from the line between the points `first` and `last`.
double distance(const Series& s, std::size_t i, std::size_t first, std::size_t last) {
  const double dx = s.x[last] - s.x[first], dy = s.y[last] - s.y[first];
  const double x = s.x[i] - s.x[first], y = s.y[i] - s.y[first];
  const double square = dx * dx + dy * dy;
  const double along = square > 0 ? std::clamp((x * dx + y * dy) / square, 0., 1.) : 0;
  return std::hypot(x - along * dx, y - along * dy);
}

// A copy of the series with the points for which keep(i).
template <class Keep>
Series selected(const Series& series, const Keep& keep) {
  Series result = series;
  result.x.clear();
  result.y.clear();
  for (std::size_t i = 0; i < series.x.size(); ++i)
    if (keep(i)) result.add(series.x[i], series.y[i]);
  return result;
}

Series within(const Series& series, double tolerance) {
  const std::size_t points = series.x.size();
  std::vector<bool> kept(points);
  kept.front() = kept.back() = true;
  std::vector<std::pair<std::size_t, std::size_t>> parts{{0, points - 1}};
  while (!parts.empty()) {
    const auto [first, last] = parts.back();
    parts.pop_back();
    double largest = tolerance;
    std::size_t farthest = first;
    for (std::size_t i = first + 1; i < last; ++i)
      if (const double d = distance(series, i, first, last); d > largest) {
        largest = d;
        farthest = i;
      }
    if (farthest == first) continue;
    kept[farthest] = true;
    parts.insert(parts.end(), {{first, farthest}, {farthest, last}});
  }
  return selected(series, [&](std::size_t i) { return kept[i]; });
}

}  // namespace

Series extremes(const Series& series, std::size_t most) {
  const std::size_t points = series.x.size(), groups = std::max<std::size_t>(1, most / 2);
  if (points <= most) return series;
  std::vector<bool> kept(points);
  for (std::size_t group = 0; group < groups; ++group) {
    const auto begin = series.y.begin();
    const auto at = [&](std::size_t g) { return static_cast<std::ptrdiff_t>(g * points / groups); };
    const auto [least, largest] = std::minmax_element(begin + at(group), begin + at(group + 1));
    kept[static_cast<std::size_t>(least - begin)] = true;
    kept[static_cast<std::size_t>(largest - begin)] = true;
  }
  return selected(series, [&](std::size_t i) { return kept[i]; });
}

Series simplified(const Series& series, std::size_t most) {
  if (series.x.size() < 3) return series;
  double tolerance = invisible;
  Series result = within(series, tolerance);
  while (result.x.size() > std::max<std::size_t>(2, most))
    result = within(series, tolerance *= 1.5);
  return result;
}

}  // namespace gradus::pictures
