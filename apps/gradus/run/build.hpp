// ResolvedConfig, TrainingSetup: the options of train with every choice made, and the training that
// is built from them.
#pragma once

#include "apps/gradus/run/run_data.hpp"
#include "optim/schedules/schedule_text.hpp"
#include "train/fit.hpp"
#include "train/saved_model.hpp"

namespace gradus::app {

/// A configuration for a data set, with every choice made. Everything else is made from it, in any
/// order, and nothing changes it.
struct ResolvedConfig {
  TrainConfig
      options;  ///< all that was left open filled in, paths absolute: what config.json holds
  train::ModelDescription model = {};
  std::vector<optim::SchedulePart> schedule = {};
  double lr = 0;  ///< the largest rate of the schedule
  int64_t epochs = 0, steps_per_epoch = 0;
};

// These throw UsageError for what the options say wrong.

/// Makes the choices that `given` leaves open.
ResolvedConfig resolve(const TrainConfig& given, const RunData& data);

/// What `options` say of the network, whatever the data: all but initial weights.
layers::ModelOptions model_options(const TrainConfig& options);
layers::Sequential build_model(const train::ModelDescription& description, Rng rng);
LossFunction build_loss(const TrainConfig& given);
std::unique_ptr<optim::Optimizer> build_optimizer(const ResolvedConfig& config,
                                                  layers::Module& model);
/// The schedule over all epochs, which nothing was reported to.
optim::Schedule build_schedule(const ResolvedConfig& config);
/// "*.bias:weight-decay=0 + 0.*:lr-factor=0.1": groups joined by "+" or ";", each a pattern and,
/// after its last colon, lr, lr-factor or weight-decay between commas. Throws
/// std::invalid_argument.
std::vector<optim::Group> parse_groups(const std::string& text);

/// Everything that a training needs, made from its configuration. Made before anything is written:
/// whatever is wrong with the configuration, the data or their match is thrown by the constructor,
/// as UsageError or std::runtime_error. Stays in its place: the training refers to the model.
struct TrainingSetup {
  explicit TrainingSetup(const TrainConfig& given);
  TrainingSetup& operator=(TrainingSetup&&) = delete;

  /// What an epoch is judged by: "test", or "held-out" with --val-split.
  const char* judge() const { return config.options.val_split > 0 ? "held-out" : "test"; }

  const RunData data;
  const ResolvedConfig config;
  layers::Sequential model;
  std::unique_ptr<optim::Optimizer> optimizer;
  train::Training training;
  train::TrainingState state;
};

}  // namespace gradus::app
