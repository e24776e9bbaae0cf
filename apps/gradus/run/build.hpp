// ResolvedConfig: the options of train with all defaults filled in; TrainingSetup: the training
// that is built from them.
#pragma once

#include "apps/gradus/run/run_data.hpp"
#include "optim/schedules/schedule_text.hpp"
#include "train/fit.hpp"
#include "train/saved_model.hpp"

namespace gradus::app {

/// A complete configuration for a data set. Model, optimizer and so on are built from it, in any
/// order; it doesn't change.
struct ResolvedConfig {
  TrainConfig options;  ///< with defaults filled in and absolute paths: the content of config.json
  train::ModelDescription model = {};
  std::vector<optim::SchedulePart> schedule = {};
  double lr = 0;  ///< the largest rate of the schedule
  int64_t epochs = 0, steps_per_epoch = 0, steps = 0;
};

// These functions throw UsageError for invalid options.

/// Fills in the defaults of `given`.
ResolvedConfig resolve(const TrainConfig& given, const RunData& data);

/// The options of the network in `options`, except those that depend on the data or initialize
/// weights.
layers::ModelOptions model_options(const TrainConfig& options);
layers::Sequential build_model(const train::ModelDescription& description, Rng rng);
/// The loss of a resolved configuration, for data with targets like those of `data`.
train::Loss build_loss(const TrainConfig& given, const data::Dataset& data);
std::unique_ptr<optim::Optimizer> build_optimizer(const ResolvedConfig& config,
                                                  layers::Module& model);
/// A new schedule over all epochs.
optim::Schedule build_schedule(const ResolvedConfig& config);
/// Parses "*.bias:weight-decay=0 + 0.*:lr-factor=0.1": groups joined by "+" or ";", each a pattern
/// and, after its last colon, lr, lr-factor or weight-decay separated by commas. Throws
/// std::invalid_argument.
std::vector<optim::Group> parse_groups(const std::string& text);

/// Everything that a training needs, built from its configuration before any file is written. The
/// constructor throws UsageError or std::runtime_error if configuration or data are invalid, or
/// don't match. It can't be copied, since the training refers to the model.
struct TrainingSetup {
  explicit TrainingSetup(const TrainConfig& given);
  TrainingSetup& operator=(TrainingSetup&&) = delete;

  const RunData data;
  const ResolvedConfig config;
  layers::Sequential model;
  std::unique_ptr<optim::Optimizer> optimizer;
  train::Training training;
  train::TrainingState state;
};

}  // namespace gradus::app
