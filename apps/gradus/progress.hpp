// What the user sees of a training.
#pragma once

#include <chrono>

#include "apps/gradus/duration.hpp"
#include "apps/gradus/trainer.hpp"

namespace gradus::app {

/// On a terminal a line that is drawn over and over, else a line for each epoch.
class Progress {
 public:
  /// `validation` names what an epoch is judged by: "test" or "held-out".
  Progress(const TrainingTask& task, std::string validation, bool quiet);

  void after_step(const TrainingState& state);
  void after_epoch(const TrainingState& state);
  /// Wipes the line off the terminal.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  int64_t steps_done(const TrainingState& state) const;
  std::string line(const TrainingState& state, int width) const;

  int64_t epochs_, steps_per_epoch_, images_per_epoch_;
  std::string validation_;
  bool quiet_, terminal_;
  Clock::time_point start_, last_drawn_;
  int64_t steps_at_start_ = -1;
  bool drawn_ = false;
};

/// The columns of the terminal; 80 where the output is none.
std::size_t terminal_width();
/// Prints a line at once.
void print_line(const std::string& line);

}  // namespace gradus::app
