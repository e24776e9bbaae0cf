// TrainingRun: trains with progress bar, checkpoints, time limit and Ctrl-C.
#pragma once

#include "apps/gradus/report/decision_boundary.hpp"
#include "apps/gradus/run/build.hpp"
#include "apps/gradus/run/run_folder.hpp"
#include "apps/pictures/sheet.hpp"
#include "train/progress.hpp"
#include "train/step_log.hpp"
#include "train/tensorboard.hpp"

namespace gradus::app {

/// These options don't change the result of the training.
struct TrainingRunOptions {
  double checkpoint_every = 300;  ///< seconds between checkpoints within an epoch
  double time_limit = std::numeric_limits<double>::infinity();  ///< seconds until training stops
  std::optional<int64_t> until_epoch = std::nullopt;            ///< training stops after this epoch
  bool quiet = false;
};

/// Optional sheets of pictures by name.
using NamedSheets = std::vector<std::pair<std::string, std::optional<pictures::Sheet>>>;

class TrainingRun {
 public:
  /// `setup`, `folder` and `options` must outlive it. `checkpoints` are those of the folder.
  TrainingRun(TrainingSetup& setup, RunFolder& folder, train::CheckpointFolder checkpoints,
              const TrainingRunOptions& options);

  /// Trains, and returns whether training has ended rather than been stopped by a signal or a
  /// limit. Throws std::runtime_error if the training diverges or a file can't be written. A run
  /// that diverged keeps its best weights, or those of the last checkpoint, or the initial ones.
  bool train();
  /// Saves a checkpoint after training was stopped.
  void save();
  /// Logs pictures of the model for TensorBoard, with --tensorboard.
  void log_images(const NamedSheets& sheets);
  /// The losses of the steps, also of those before the run was resumed.
  StepLosses step_losses() const { return {steps_.losses(), setup_.training.steps_per_epoch()}; }
  /// How the decision boundary moved, for samples with two features; the last picture is that of
  /// the model now, with the weights of `epoch`.
  std::optional<pictures::Regions> boundary(int64_t epoch) const;
  /// How many rows of steps.csv are missing.
  int64_t missing_steps() const { return steps_.missing_steps(); }
  /// Why training stopped, as in ", the time limit is reached"; empty for a signal.
  std::string reason() const;

 private:
  void after_step(const train::StepRecord& step);
  void after_epoch(const train::EpochRecord& epoch);
  void write_checkpoint();
  void keep_good_weights();
  void record_boundary(int64_t epoch);
  /// Calls body(); if it throws, adds the checkpoint from which the run can be resumed to the
  /// error.
  void write(const std::function<void()>& body);
  bool is_out_of_time() const { return watch_.seconds() >= options_.time_limit; }
  bool is_at_last_epoch() const;

  TrainingSetup& setup_;
  RunFolder& folder_;
  train::CheckpointFolder checkpoints_;
  const TrainingRunOptions& options_;
  train::Progress progress_;
  train::StepLog steps_;
  std::optional<train::TensorBoard> board_;
  std::optional<DecisionBoundary> boundary_;
  const Stopwatch watch_;
  Stopwatch since_checkpoint_;
  int64_t checkpoint_step_;
};

}  // namespace gradus::app
