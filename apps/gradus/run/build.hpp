// resolve, build_…: from the options of train to a model, an optimizer and a training.
#pragma once

#include <memory>
#include <vector>

#include "apps/gradus/run/config.hpp"
#include "apps/gradus/run/run_data.hpp"
#include "optim/schedules/schedule_text.hpp"
#include "train/saved_model.hpp"
#include "train/training.hpp"

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

layers::Sequential build_model(const train::ModelDescription& description, Rng rng);
LossFunction build_loss(const TrainConfig& given);
std::unique_ptr<optim::Optimizer> build_optimizer(const ResolvedConfig& config,
                                                  layers::Module& model);
/// The schedule over all epochs, which nothing was reported to.
optim::Schedule build_schedule(const ResolvedConfig& config);
/// The training that the options ask for, without a teacher; model and optimizer outlive it.
train::Training build_training(const ResolvedConfig& config, const RunData& data,
                               layers::Module& model, optim::Optimizer& optimizer);

}  // namespace gradus::app
