// build_model: makes a model from a TrainConfig; so are its optimizer, loss and rules made here.
#pragma once

#include <memory>
#include <string>

#include "apps/gradus/run/config.hpp"
#include "core/ops/loss.hpp"
#include "data/dataset.hpp"
#include "data/loader.hpp"
#include "data/transform/mixing.hpp"
#include "optim/averaging.hpp"
#include "optim/early_stopping.hpp"
#include "optim/optimizer.hpp"
#include "optim/schedule.hpp"
#include "train/saved_model.hpp"

namespace gradus::app {

/// What --augment does to the batches of `train`; empty where it isn't given.
data::BatchTransform build_augmentation(const TrainConfig& config, const data::Dataset& train);

/// Fills the model's name and the epochs in `config` where they are left open.
train::ModelDescription describe_model(TrainConfig& config, const data::Dataset& train);

// These throw UsageError for what `config` says wrong.
layers::Sequential build_model(const train::ModelDescription& description, Rng rng);
LossFunction build_loss(const TrainConfig& config);
/// Fills the learning rate in `config` where it is left open.
std::unique_ptr<optim::Optimizer> build_optimizer(TrainConfig& config, layers::Module& model);
/// The average of the weights of `model` that is asked for, if any. The epochs are filled in.
std::optional<optim::WeightAverage> build_average(const TrainConfig& config, layers::Module& model);
optim::Schedule build_schedule(const TrainConfig& config, int64_t total_steps);
std::optional<optim::EarlyStoppingOptions> early_stopping(const TrainConfig& config);
/// Empty for neither --mixup nor --cutmix.
std::function<data::MixedBatch(const data::Batch&, Rng&)> build_mix(const TrainConfig& config,
                                                                    const data::Dataset& train);
/// Checks the options of --teacher.
DistillationOptions build_distillation(const TrainConfig& config);
train::StepRules build_rules(const TrainConfig& config, layers::Module& model);

}  // namespace gradus::app
