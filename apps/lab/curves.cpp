#include "apps/lab/curves.hpp"

#include <algorithm>
#include <cmath>

namespace gradus::lab {

void add_or_join(pictures::Chart& chart, const pictures::Series& curve) {
  const auto near = [](double a, double b) { return std::abs(a - b) <= 0.01 * std::abs(b); };
  for (pictures::Series& line : chart.series) {
    if (line.x != curve.x || !std::equal(line.y.begin(), line.y.end(), curve.y.begin(), near))
      continue;
    line.name += ", " + curve.name;
    return;
  }
  chart.series.push_back(curve);
}

}  // namespace gradus::lab
