// RunFolder: the folder of a run, with its configuration, metrics and weights.
#pragma once

#include "apps/gradus/report/curves.hpp"
#include "apps/gradus/run/config.hpp"
#include "core/io/folder_lock.hpp"
#include "core/io/json.hpp"
#include "train/checkpoint.hpp"

namespace gradus::app {

/// Every file is written completely or not at all; errors are std::runtime_error "path: …".
class RunFolder {
 public:
  /// Creates the folder, or uses an existing one without files of a run, and writes config.json. An
  /// empty path means the first unused name of runs/<name>-1, runs/<name>-2, … Removes the folder
  /// if it fails. Other programs can't write to the run during the lifetime of this object and its
  /// copies.
  static RunFolder create(const std::string& path, const std::string& name, const Json& config);
  /// Opens the folder of a run for reading. Throws if config.json is missing or damaged.
  static RunFolder open(const std::string& path);
  /// The same, to resume the run: locked like in create().
  static RunFolder open_to_write(const std::string& path);

  const std::string& path() const { return path_; }
  const Json& config() const { return config_; }
  /// The options in config.json. Throws std::runtime_error for invalid values.
  TrainConfig options() const;
  bool is_finished() const;
  /// Why the run diverged, if it did.
  std::optional<std::string> divergence() const;
  /// The run's checkpoints, which must be of the described model.
  train::CheckpointFolder checkpoints(const train::ModelDescription& description) const;
  std::string file(const char* name) const;
  std::string step_log() const;
  /// Replaces a file of the run. A symbolic link is replaced, not followed: somebody else may have
  /// made it.
  void write(const char* name, std::string_view content) const;

  /// Writes metrics.csv and curves.svg.
  void write_history(const train::History& history, const StepLosses& steps) const;
  /// Writes best.safetensors: the weights that are the result.
  void write_best(const NamedTensors& weights, const train::ModelDescription& description) const;
  void write_report(const Json& report) const;
  /// Writes test.safetensors: the targets of the test samples, their predictions, and what scores
  /// are computed from, as in Task::judged: probabilities of classes and labels (left out above
  /// 10^7 numbers).
  void write_test(const Tensor& targets, const Tensor& predictions, const Tensor& judged) const;
  /// Writes rows.safetensors: sorted hashes of the training samples of a table, to recognize them.
  void write_row_hashes(const std::vector<uint64_t>& hashes) const;
  /// These hashes; empty if there is no such file.
  std::vector<uint64_t> row_hashes() const;
  /// Removes the checkpoints of a finished run.
  void remove_checkpoints() const;
  /// Marks the run as diverged.
  void write_divergence(const std::string& why) const;

  /// The weights of best.safetensors, or those of the checkpoint before there are any.
  train::SavedModel load_model() const;

 private:
  RunFolder(std::string path, Json config) : path_(std::move(path)), config_(std::move(config)) {}

  std::string path_;
  Json config_;
  std::shared_ptr<FolderLock> lock_;
};

}  // namespace gradus::app
