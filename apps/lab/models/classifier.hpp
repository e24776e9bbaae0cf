// train_classifier, load_data: data, networks and training of experiments.
#pragma once

#include "apps/lab/experiment.hpp"
#include "layers/sequential.hpp"
#include "train/training.hpp"

namespace gradus::lab {

/// The network that a text describes (see layers::build()), for the samples of `data`.
layers::Sequential network(const std::string& text, const data::Dataset& data, Rng& rng);
/// For any samples: one hidden layer of 32 ReLU units and the output.
layers::Sequential dense_network(const data::Dataset& data, Rng& rng);
/// For images: convolutions 5×5 to 8 and 3×3 to 16 channels with stride 2 and ReLU, and the output.
/// A step is cheap.
layers::Sequential strided_network(const data::Dataset& data, Rng& rng);

/// The data set that the options name. If the options' limit, by default `limit` (0: none), is less
/// than the number of training samples, only the first `limit` training samples and five times as
/// many test samples are used, normalized by these training samples.
data::Split load_data(const ExperimentOptions& options, int64_t limit = 0);

struct TrainingOptions {
  std::string name;  ///< shown as progress
  int64_t epochs = 5;
  int64_t batch_size = 32;  ///< a smaller last batch is dropped
  /// Rate and momentum of each step; receives each epoch's mean loss. None: the optimizer's own.
  optim::Schedule schedule = {};
  data::BatchTransform augmentation = {};  ///< of training images, before they are normalized
  LossFunction loss = {};                  ///< none: cross-entropy
  train::Teacher teacher = {};             ///< distilled by its soft targets; none by default
  DistillationOptions distillation = {};
  train::TrainingObserver observer = {};
};

/// One element for each epoch.
struct TrainingCurves {
  std::vector<double> loss = {};                      ///< mean training loss
  std::vector<double> accuracy = {}, test_loss = {};  ///< on the test set; accuracy from 0 to 1
  double step_seconds = 0;  ///< median duration of a step: forward, backward and update

  /// The mean of the last three epochs: at a constant rate single epochs are noisy.
  double final_loss() const;
  /// The same, in percent.
  double final_accuracy() const;
  double mean_loss() const { return estimate(loss).mean; }
  double last_loss() const { return loss.back(); }
  /// On the test set after the last epoch, in percent.
  double last_accuracy() const { return 100 * accuracy.back(); }
  double last_error() const { return errors().back(); }
  /// On the test set after each epoch, in percent.
  std::vector<double> errors() const;
  double step_milliseconds() const { return 1e3 * step_seconds; }
};

/// Throws std::invalid_argument if there are fewer samples than a batch needs.
void require_batch(const data::Dataset& data, int64_t batch_size);

/// The random numbers for the initial weights of a training.
inline Rng weights_rng(uint64_t seed) {
  return Rng(seed).fork(0);
}

/// Trains by train::fit(); `order` shuffles the batches. Throws like require_batch().
TrainingCurves train_classifier(layers::Module& model, optim::Optimizer& optimizer,
                                const data::Split& split, const TrainingOptions& options,
                                Rng& order, const ExperimentOptions& experiment);
/// The same with batches shuffled by the seed, which is shown with the name.
TrainingCurves train_classifier(layers::Module& model, optim::Optimizer& optimizer,
                                const data::Split& split, TrainingOptions options, uint64_t seed,
                                const ExperimentOptions& experiment);

}  // namespace gradus::lab
