// train_classifier: trains a network of an experiment and measures each epoch.
#pragma once

#include "apps/lab/experiment.hpp"
#include "layers/sequential.hpp"
#include "train/training.hpp"

namespace gradus::lab {

/// The network that a text describes, as layers::build() reads it, for samples of the data.
layers::Sequential network(const std::string& text, const data::Dataset& data, Rng& rng);
/// For any samples: a hidden dense layer of 32 units, ReLU, and the output.
layers::Sequential dense_network(const data::Dataset& data, Rng& rng);
/// For images: convolutions 5×5 of 8 and 3×3 of 16 channels with stride 2, each with ReLU, and the
/// output; a step is cheap.
layers::Sequential strided_network(const data::Dataset& data, Rng& rng);

/// The data set that the options name. Where their limit, else `limit` (0: none), is below the
/// number of training samples, it is cut to them, and to five times as many test samples, and
/// normalized by the training samples left.
data::Split load_data(const ExperimentOptions& options, int64_t limit = 0);

struct TrainingOptions {
  std::string name;  ///< in what is reported as progress
  int64_t epochs = 5;
  int64_t batch_size = 32;  ///< a last batch that is smaller is left out
  /// The rate and momentum of each step, told each epoch's mean loss; none: the optimizer's
  /// throughout.
  optim::Schedule schedule = {};
  data::BatchTransform augmentation = {};  ///< of training images, before they are normalized
  LossFunction loss = {};                  ///< none: cross-entropy
  train::Teacher teacher = {};             ///< whose soft targets are distilled; none by default
  DistillationOptions distillation = {};
  train::TrainingObserver observer = {};
};

/// One element for each epoch.
struct TrainingCurves {
  std::vector<double> loss = {};                      ///< mean training loss
  std::vector<double> accuracy = {}, test_loss = {};  ///< on the test set afterwards; 0 … 1
  double step_seconds = 0;  ///< of the median step: forward, backward and update

  /// The mean of the last three epochs: at a constant rate a single one is a matter of luck.
  double final_loss() const;
  /// The same, in percent.
  double final_accuracy() const;
  double mean_loss() const;
  double last_loss() const { return loss.back(); }
  /// On the test set after the last epoch, in percent.
  double last_accuracy() const { return 100 * accuracy.back(); }
  double last_error() const { return errors().back(); }
  /// On the test set after each epoch, in percent.
  std::vector<double> errors() const;
  double step_milliseconds() const { return 1e3 * step_seconds; }
};

/// Throws std::invalid_argument where there are fewer samples than a batch takes.
void require_batch(const data::Dataset& data, int64_t batch_size);

/// The random numbers of a training's first weights.
inline Rng weights_rng(uint64_t seed) {
  return Rng(seed).fork(0);
}

/// Trains by train::fit(), the batches in an order drawn from `order`. Throws like require_batch().
TrainingCurves train_classifier(layers::Module& model, optim::Optimizer& optimizer,
                                const data::Split& split, const TrainingOptions& options,
                                Rng& order, const ExperimentOptions& experiment);
/// The same with an order drawn from the seed, which is reported with the name.
TrainingCurves train_classifier(layers::Module& model, optim::Optimizer& optimizer,
                                const data::Split& split, TrainingOptions options, uint64_t seed,
                                const ExperimentOptions& experiment);

}  // namespace gradus::lab
