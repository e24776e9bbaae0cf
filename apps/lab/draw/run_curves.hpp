// Measurements as lines of charts.
#pragma once

#include "apps/lab/measure/seeds.hpp"
#include "optim/schedule.hpp"

namespace gradus::lab {

/// The mean of the runs' curves, which a member holds, at each point: one for each epoch, from 1
/// on.
template <class Run>
pictures::Series mean_curve(const std::string& name, const std::vector<Run>& runs,
                            std::vector<double> Run::*curve, double scale = 1) {
  pictures::Series series{name, {}, {}};
  for (std::size_t i = 0; i < (runs[0].*curve).size(); ++i) {
    series.x.push_back(static_cast<double>(i + 1));
    series.y.push_back(scale *
                       estimate_of(runs, [&](const Run& run) { return (run.*curve)[i]; }).mean);
  }
  return series;
}

/// Adds `curve` to the chart, or its name to that of a line with the same x and, to one part in a
/// hundred, the same y, which would hide it.
void add_or_join(pictures::Chart& chart, const pictures::Series& curve);

/// The charts in their order, `columns` in a row.
std::vector<std::vector<pictures::Chart>> in_rows(const std::vector<pictures::Chart>& charts,
                                                  std::size_t columns);

/// The rates of `epochs` epochs, in which the loss that the schedule is told never falls.
pictures::Series rate_curve(const std::string& name, const optim::Schedule& schedule,
                            int64_t epochs, int64_t steps_per_epoch);

}  // namespace gradus::lab
