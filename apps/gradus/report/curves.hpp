// curves: charts of the loss and accuracy of a training; draw: charts of a schedule.
#pragma once

#include "apps/pictures/chart.hpp"
#include "train/history.hpp"

namespace gradus::app {

/// A column of the history over its epochs, times `scale`.
pictures::Series series_of(const std::string& name, const train::History& history,
                           double train::EpochRecord::*column, double scale);

/// Loss and accuracy over the epochs of the sets that were evaluated.
std::vector<pictures::Chart> curves(const train::History& history);

/// The losses in block characters, at most `width` columns wide; empty for fewer than two epochs.
std::string loss_blocks(const train::History& history, std::size_t width);

/// A schedule to draw.
struct SchedulePreview {
  std::string name;
  optim::Schedule schedule;
  int64_t epochs, steps_per_epoch;
  /// The losses that are reported to the schedule after each epoch; 1 for further epochs, as if the
  /// loss didn't fall.
  std::vector<double> losses = {};
};

/// A line of block characters for the rate, and one for the momentum if the schedule changes it;
/// and both as charts.
struct SchedulePictures {
  std::string text;
  std::vector<pictures::Chart> charts;
};
SchedulePictures draw(const SchedulePreview& preview);

}  // namespace gradus::app
