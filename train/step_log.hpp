// StepLog: writes steps.csv, what every step did, exactly enough to compare two trainings bit by
// bit.
#pragma once

#include "train/training.hpp"

namespace gradus::train {

/// "step,lr,loss,0.weight,…": the columns of step_row().
std::string step_columns(layers::Module& model);
/// The number of the step, its learning rate, its loss, and a checksum of each tensor of the
/// model's state after it.
std::string step_row(const StepRecord& step, layers::Module& model);

class StepLog {
 public:
  /// Keeps the columns and the rows of the first `steps` steps of a file that is there, or starts
  /// one.
  StepLog(std::string path, layers::Module& model, int64_t steps);

  void add(const StepRecord& step);
  /// All rows are in the file, and on the disk, afterwards. Throws std::runtime_error "path: …".
  void flush();

 private:
  std::string path_, rows_;
  layers::Module& model_;
};

/// The lines of the file, the columns first; a last one that was cut off isn't among them.
std::vector<std::string> read_step_log(const std::string& path);

}  // namespace gradus::train
