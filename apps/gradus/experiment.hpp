// load_data, build_model, build_optimizer …: make what a TrainConfig describes.
#pragma once

#include <memory>
#include <string>

#include "apps/gradus/config.hpp"
#include "core/ops/loss.hpp"
#include "data/dataset.hpp"
#include "data/framing.hpp"
#include "data/loader.hpp"
#include "data/mixing.hpp"
#include "layers/network/models.hpp"
#include "optim/averaging.hpp"
#include "optim/early_stopping.hpp"
#include "optim/optimizer.hpp"
#include "optim/schedule.hpp"

namespace gradus::app {

/// What a saved model needs besides its weights: how to build it and how its inputs are scaled.
struct ModelDescription {
  std::string model;
  layers::ModelOptions options;
  data::Normalization normalization;
  Shape sample = options.input;  ///< of what is normalized, as data files hold it
  /// How the training images show their objects, to fit pictures of other kinds.
  std::optional<data::Framing> framing = {};

  /// All but the normalization's matrix, which is a tensor of its own in files.
  Json to_json() const;
  static ModelDescription from_json(const Json& json);
};

/// The data sets of a run. `validation` is the held-out part, or the test set.
struct RunData {
  std::string name;  ///< in the table of data sets, or the path
  std::string note;  ///< what `auto` took
  data::Dataset train, validation, test;
};

/// Loads, limits, splits and normalizes by what is left to train on. `config.data` becomes the set
/// that `auto` took, and paths absolute, so that the configuration means the same anywhere.
RunData load_data(TrainConfig& config);

/// What --augment does to the batches of `train`; empty where it isn't given.
data::BatchTransform build_augmentation(const TrainConfig& config, const data::Dataset& train);

/// The set's name as part of a file's: of a path its last part without ending.
std::string data_label(const std::string& name);

/// Fills the model's name and the epochs in `config` where they are left open.
ModelDescription describe_model(TrainConfig& config, const data::Dataset& train);

// These throw UsageError for what `config` says wrong.
layers::Sequential build_model(const ModelDescription& description, Rng rng);
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
StepRules build_rules(const TrainConfig& config, layers::Module& model);

/// Independent generators of one seed.
struct Streams {
  explicit Streams(int64_t seed) : root(static_cast<uint64_t>(seed)) {}
  Rng root;
  Rng weights() const { return root.fork(0); }  ///< and dropout
  Rng order() const { return root.fork(1); }
  Rng held_out() const { return root.fork(2); }
  Rng noise() const { return root.fork(3); }  ///< on gradients
  Rng mixing() const { return root.fork(4); }
  Rng sampling() const { return root.fork(5); }  ///< of predictions with dropout
};

}  // namespace gradus::app
