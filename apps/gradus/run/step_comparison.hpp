// StepComparison: compares the steps of a training with those in the log of another.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gradus::app {

/// Compares rows of steps.csv with those of a log: bit by bit, or only the losses, since other
/// numerics give other bits.
class StepComparison {
 public:
  /// `log` are the lines of a steps.csv, the names first. A loss may differ by
  /// tolerance·max(1, |loss|).
  StepComparison(std::vector<std::string> log, bool by_bits, double tolerance);

  /// The number of steps in the log.
  int64_t steps() const { return std::ssize(log_) - 1; }
  /// Compares the row of that step, one of 1 … steps().
  void compare(int64_t step, const std::string& row);
  /// Whether a step differs: in its bits, or by more than the tolerance.
  bool failed() const { return !failure_.empty(); }
  /// "step 7 differs: 1.bias was 0f…, is 1e…": the first step that failed; empty if none did.
  const std::string& failure() const { return failure_; }
  /// The same for the first step whose bits differ.
  const std::string& first_difference() const { return first_difference_; }

 private:
  std::vector<std::string> log_;
  bool by_bits_;
  double tolerance_;
  std::string failure_, first_difference_;
};

}  // namespace gradus::app
