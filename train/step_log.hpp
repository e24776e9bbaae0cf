// StepLog: writes steps.csv: the loss and a checksum of the weights of every step, to compare
// trainings bit by bit.
#pragma once

#include "train/training.hpp"

namespace gradus::train {

/// "step,lr,loss,0.weight,…": the columns of step_row().
std::string step_columns(layers::Module& model);
/// The number of the step, its learning rate and loss, and a checksum of each tensor of the model's
/// state after the step.
std::string step_row(const StepRecord& step, layers::Module& model);

/// The loss of a step.
struct StepLoss {
  int64_t step = 0;  ///< its number, from 1 on
  double loss = 0;   ///< before the update
};

class StepLog {
 public:
  /// Opens the log after step number `steps`: keeps the rows of these steps of an existing file, or
  /// starts a file.
  StepLog(std::string path, layers::Module& model, int64_t steps);

  /// How many rows of these steps the existing file lacks.
  int64_t missing_steps() const { return missing_; }
  void add(const StepRecord& step);
  /// The losses of all steps in the log, without those that aren't finite numbers.
  const std::vector<StepLoss>& losses() const { return losses_; }
  /// Writes all rows to the disk. Throws std::runtime_error "path: …".
  void flush();

 private:
  std::string path_, rows_;
  layers::Module& model_;
  int64_t missing_;
  std::vector<StepLoss> losses_;
};

/// The lines of the file, the column names first, without an incomplete last line.
std::vector<std::string> read_step_log(const std::string& path);

}  // namespace gradus::train
