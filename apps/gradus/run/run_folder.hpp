// The folder that holds a run: what it was told, how it went and what it learned.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "apps/gradus/run/checkpoint.hpp"
#include "apps/gradus/run/model_file.hpp"
#include "core/io/folder_lock.hpp"

namespace gradus::app {

/// A checkpoint that was read.
struct Restored {
  TrainingState state;
  std::string note;  ///< why it is the previous one; empty for the last
};

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
  bool has_checkpoint() const;
  std::string file(const char* name) const;
  std::string step_log() const;
  /// Replaces a file of the run. A symbolic link is replaced, too, not followed: it may come from
  /// elsewhere with the folder.
  void write(const char* name, std::string_view content) const;

  /// metrics.csv and curves.svg.
  void write_history(const std::vector<EpochRecord>& history) const;
  /// best.safetensors.
  void write_best(const TrainingState& state, const ModelDescription& description) const;
  void write_report(const Json& report) const;
  /// checkpoint.safetensors; what it was is checkpoint.previous.safetensors afterwards, if it was
  /// whole. At every moment one of them, or checkpoint.next.safetensors, is whole.
  void write_checkpoint(const Training& training, const TrainingState& state,
                        const ModelDescription& description);
  /// The newest checkpoint that can be read. Throws, naming the newest, where none can.
  Restored read_checkpoint(Training& training, const ModelDescription& description);

  /// The best weights so far, or those of the checkpoint where no epoch has finished.
  SavedModel load_model() const;

 private:
  RunFolder(std::string path, Json config) : path_(std::move(path)), config_(std::move(config)) {}

  std::string path_;
  Json config_;
  std::shared_ptr<FolderLock> lock_;
  bool last_is_whole_ = false;  // checkpoint.safetensors was written or read by this object
};

}  // namespace gradus::app
