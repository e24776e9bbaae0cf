#include "apps/lab/draw/run_curves.hpp"

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

std::vector<std::vector<pictures::Chart>> in_rows(const std::vector<pictures::Chart>& charts,
                                                  std::size_t columns) {
  std::vector<std::vector<pictures::Chart>> rows;
  for (std::size_t i = 0; i < charts.size(); ++i) {
    if (i % columns == 0) rows.emplace_back();
    rows.back().push_back(charts[i]);
  }
  return rows;
}

pictures::Series rate_curve(const std::string& name, const optim::Schedule& schedule,
                            int64_t epochs, int64_t steps_per_epoch) {
  pictures::Series series{name, {}, {}};
  for (int64_t step = 0; step < epochs * steps_per_epoch; ++step) {
    series.x.push_back(static_cast<double>(step));
    series.y.push_back(schedule(step));
    if ((step + 1) % steps_per_epoch == 0) schedule.report(step, 1);
  }
  return series;
}

}  // namespace gradus::lab
