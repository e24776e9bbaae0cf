// A training as the command line runs it: seen on the terminal, kept in its folder, stopped in
// time.
#pragma once

#include "apps/gradus/run/build.hpp"
#include "apps/gradus/run/run_folder.hpp"
#include "apps/pictures/sheet.hpp"
#include "train/progress.hpp"
#include "train/step_log.hpp"
#include "train/tensorboard.hpp"

namespace gradus::app {

/// None of it changes what the training comes to.
struct TrainingRunOptions {
  double checkpoint_every = 300;  ///< seconds between checkpoints within an epoch
  double time_limit = std::numeric_limits<double>::infinity();  ///< seconds until it stops
  std::optional<int64_t> until_epoch = std::nullopt;            ///< after which it stops
  bool quiet = false;
};

/// Sheets that there may be.
using NamedSheets = std::vector<std::pair<std::string, std::optional<pictures::Sheet>>>;

class TrainingRun {
 public:
  /// All but the checkpoints, which are those of the folder, outlive it.
  TrainingRun(TrainingSetup& setup, RunFolder& folder, train::CheckpointFolder checkpoints,
              const TrainingRunOptions& options);

  /// Trains, and returns whether that came to its end rather than to a signal or a limit. Throws
  /// std::runtime_error where the loss is no number any more, or a file can't be written.
  bool train();
  /// After a stop before the end: everything to go on with.
  void save();
  /// Pictures of the model, for TensorBoard where that is asked for.
  void log_images(const NamedSheets& sheets);
  /// Why it stopped, as ", the time limit is reached"; empty for a signal.
  std::string reason() const;

 private:
  void after_step(const train::StepRecord& step);
  void after_epoch(const train::EpochRecord& epoch);
  void write_checkpoint();
  /// Calls body(); where it throws, the error says which checkpoint there is to go on from.
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
  const Stopwatch watch_;
  Stopwatch since_checkpoint_;
  int64_t checkpoint_step_;
};

}  // namespace gradus::app
