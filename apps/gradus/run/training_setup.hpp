// Everything that a training needs, made from its configuration.
#pragma once

#include <memory>

#include "apps/gradus/run/build.hpp"
#include "apps/gradus/run/config.hpp"
#include "apps/gradus/run/run_data.hpp"
#include "apps/gradus/run/streams.hpp"
#include "train/fit.hpp"

namespace gradus::app {

/// Made before anything is written: whatever is wrong with the configuration, the data or their
/// match is thrown by the constructor, as UsageError or std::runtime_error. Stays in its place: the
/// training refers to the model.
struct TrainingSetup {
  explicit TrainingSetup(const TrainConfig& given);
  TrainingSetup(const TrainingSetup&) = delete;
  TrainingSetup& operator=(const TrainingSetup&) = delete;

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
