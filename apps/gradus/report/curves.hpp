// curves, draw: charts of a training, epoch by epoch, and of its schedule.
#pragma once

#include "apps/pictures/chart.hpp"
#include "train/training.hpp"

namespace gradus::app {

/// A column of the history over its epochs, times `scale`.
pictures::Series series_of(const std::string& name, const train::History& history,
                           double train::EpochRecord::*column, double scale);

/// Loss and accuracy over the epochs, in training and on what judges them, "test" or "held-out".
std::vector<pictures::Chart> curves(const train::History& history, const std::string& judge);

/// The losses in block characters, at most `width` wide; empty for fewer than two epochs.
std::string loss_blocks(const train::History& history, const std::string& judge, std::size_t width);

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
