// The folder that holds a run: what it was told, how it went and what it learned.
#pragma once

#include <string>

#include "apps/gradus/experiment.hpp"
#include "apps/gradus/trainer.hpp"

namespace gradus::app {

/// Weights and what they belong to.
struct SavedModel {
  ModelDescription description;
  layers::Sequential model;
};

/// Every file is written whole or not at all; errors are std::runtime_error "path: …".
class RunFolder {
 public:
  /// Makes the folder, or takes one without a run in it, and writes config.json. An empty path
  /// stands for the first free of runs/<name>-1, runs/<name>-2, … Leaves nothing behind where it
  /// fails.
  static RunFolder create(const std::string& path, const std::string& name, const Json& config);
  /// A folder that create() has made. Throws where config.json is missing or damaged.
  static RunFolder open(const std::string& path);

  const std::string& path() const { return path_; }
  const Json& config() const { return config_; }
  bool is_finished() const;

  /// metrics.csv and curves.svg.
  void write_history(const std::vector<EpochRecord>& history) const;
  void write_best(layers::Module& model, const ModelDescription& description) const;
  void write_report(const Json& report) const;
  /// checkpoint.safetensors: model, optimizer, generators and `state`.
  void write_checkpoint(const TrainingTask& task, const TrainingState& state,
                        const ModelDescription& description) const;
  /// Puts all of it back. Throws where the checkpoint doesn't fit the task.
  TrainingState read_checkpoint(TrainingTask& task) const;

  /// The best weights so far, or those of the checkpoint where no epoch has finished.
  SavedModel load_model() const;
  /// Copies the best weights into `model`.
  void load_best(layers::Module& model) const;

 private:
  RunFolder(std::string path, Json config) : path_(std::move(path)), config_(std::move(config)) {}
  std::string file(const char* name) const;

  std::string path_;
  Json config_;
};

}  // namespace gradus::app
