// Progress: prints the progress of a training.
#pragma once

#include "core/io/terminal.hpp"
#include "train/training.hpp"

namespace gradus::train {

/// On a terminal a line that is redrawn; a line after each epoch.
class Progress {
 public:
  Progress(const Training& training, bool quiet);

  void after_step(const TrainingState& state);
  void after_epoch(const TrainingState& state);
  /// Erases the line on the terminal.
  void clear() { line_.clear(); }

 private:
  int64_t steps_done(const TrainingState& state) const;
  std::string text(const TrainingState& state, int width) const;

  int64_t epochs_, steps_per_epoch_, all_steps_, batch_size_, samples_;
  const EpochScore& score_;
  bool quiet_;
  StatusLine line_;
  Stopwatch watch_;
  int64_t steps_at_start_ = -1;
};

}  // namespace gradus::train
