// A schedule as pictures.
#pragma once

#include <string>
#include <vector>

#include "apps/pictures/chart.hpp"
#include "optim/schedule.hpp"

namespace gradus::app {

/// What there is to see of a schedule.
struct SchedulePreview {
  std::string name;
  optim::Schedule schedule;
  int64_t epochs, steps_per_epoch;
  /// What the schedule is told after each epoch, if it listens; beyond them 1, as if nothing were
  /// learned.
  std::vector<double> losses = {};
};

/// A line of block characters for the rate, from 0 to its largest, and one for the momentum where
/// the schedule changes it; and the same as charts.
struct SchedulePictures {
  std::string text;
  std::vector<pictures::Chart> charts;
};
SchedulePictures draw(const SchedulePreview& preview);

}  // namespace gradus::app
