// curves: charts of the loss and score of a training; draw: charts of a schedule.
#pragma once

#include "apps/pictures/chart.hpp"
#include "train/history.hpp"
#include "train/step_log.hpp"

namespace gradus::app {

/// A column of the history over its epochs, times `scale`.
pictures::Series series_of(const std::string& name, const train::History& history,
                           double train::EpochRecord::*column, double scale);

/// The losses of the steps of a training.
struct StepLosses {
  std::span<const train::StepLoss> losses = {};
  int64_t steps_per_epoch = 1;
};

/// Loss and score over the epochs of the sets that were evaluated. With more than one step per
/// epoch also the training loss of each step, and its exponential moving average over n steps, in
/// which 1 − 1/n is the weight of the past, without bias to 0, like TensorBoard's: n is a fiftieth
/// of the steps, but at least 3.
std::vector<pictures::Chart> curves(const train::History& history, const train::EpochScore& score,
                                    const StepLosses& steps = {});

/// An empty chart of a score over the epochs, titled "Accuracy", with its unit.
pictures::Chart chart_of(const train::EpochScore& score, const std::string& title);
/// By what values of a score are multiplied in charts: 100 for percent.
inline double scale_of(const train::EpochScore& score) {
  return score.is_fraction ? 100 : 1;
}

/// The losses in block characters, at most `width` columns wide; empty for fewer than two epochs.
std::string loss_blocks(const train::History& history, std::size_t width);

/// A schedule to draw.
struct SchedulePreview {
  std::string name;
  optim::Schedule schedule;
  int64_t epochs, steps_per_epoch;
  int64_t steps = epochs * steps_per_epoch;  ///< of all epochs; the last may be shorter
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
