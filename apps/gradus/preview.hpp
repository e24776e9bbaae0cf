// A schedule as pictures, without training.
#pragma once

#include <string>

#include "optim/schedule.hpp"

namespace gradus::app {

/// What there is to see of a schedule.
struct SchedulePreview {
  std::string name;
  optim::Schedule schedule;
  int64_t epochs, steps_per_epoch;
};

/// A line of block characters for the rate, from 0 to its largest, and one for the momentum where
/// the schedule changes it; and the same as an SVG. A schedule that listens is told the same loss
/// after each epoch, as if nothing were learned.
struct SchedulePictures {
  std::string text, svg;
};
SchedulePictures draw(const SchedulePreview& preview);

}  // namespace gradus::app
