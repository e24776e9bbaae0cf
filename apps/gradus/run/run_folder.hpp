// The folder that holds a run: what it was told, how it went and what it learned.
#pragma once

#include "core/io/folder_lock.hpp"
#include "core/io/json.hpp"
#include "train/checkpoint.hpp"

namespace gradus::app {

/// Every file is written whole or not at all; errors are std::runtime_error "path: …".
class RunFolder {
 public:
  /// Makes the folder, or takes one without files of a run, and writes config.json. An empty path
  /// stands for the first free of runs/<name>-1, runs/<name>-2, … Leaves nothing behind where it
  /// fails. Other programs can't write the run while this object, or a copy, lives.
  static RunFolder create(const std::string& path, const std::string& name, const Json& config);
  /// A folder that create() has made, to read. Throws where config.json is missing or damaged.
  static RunFolder open(const std::string& path);
  /// The same, to go on with: locked as in create().
  static RunFolder open_to_write(const std::string& path);

  const std::string& path() const { return path_; }
  const Json& config() const { return config_; }
  bool is_finished() const;
  /// The run's checkpoints, of a model that is described so.
  train::CheckpointFolder checkpoints(const train::ModelDescription& description) const;
  std::string file(const char* name) const;
  std::string step_log() const;
  /// Replaces a file of the run. A symbolic link is replaced, too, not followed: it may come from
  /// elsewhere with the folder.
  void write(const char* name, std::string_view content) const;

  /// metrics.csv and curves.svg.
  void write_history(const train::History& history) const;
  /// best.safetensors.
  void write_best(const train::TrainingState& state,
                  const train::ModelDescription& description) const;
  void write_report(const Json& report) const;

  /// The best weights so far, or those of the checkpoint where no epoch has finished.
  train::SavedModel load_model() const;

 private:
  RunFolder(std::string path, Json config) : path_(std::move(path)), config_(std::move(config)) {}

  std::string path_;
  Json config_;
  std::shared_ptr<FolderLock> lock_;
};

}  // namespace gradus::app
