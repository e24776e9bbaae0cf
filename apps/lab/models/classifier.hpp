// Training a classifier and watching it.
#pragma once

#include "apps/lab/experiment.hpp"
#include "data/loader.hpp"
#include "layers/module.hpp"
#include "optim/optimizer.hpp"
#include "optim/schedule.hpp"

namespace gradus::lab {

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
  data::BatchTransform transform = {};     ///< of training images, before they are normalized
  std::function<void()> before_step = {};  ///< between backward() and step(): clipping of gradients
  std::function<void()> after_step = {};   ///< such as layers::constrain()
};

/// One element for each epoch.
struct TrainingCurves {
  std::vector<double> loss;      ///< mean training loss
  std::vector<double> accuracy;  ///< on the test set afterwards, 0 … 1
  double step_seconds = 0;       ///< of the median step: forward, backward and update

  /// The mean of the last three epochs: at a constant rate a single one is a matter of luck.
  double final_loss() const;
  double final_accuracy() const;
  double last_loss() const { return loss.back(); }
  /// On the test set after the last epoch, in percent.
  double last_accuracy() const { return 100 * accuracy.back(); }
  double last_error() const { return 100 - 100 * accuracy.back(); }
  /// On the test set after each epoch, in percent.
  std::vector<double> errors() const {
    std::vector<double> result;
    for (const double correct : accuracy) result.push_back(100 - 100 * correct);
    return result;
  }
};

/// Throws std::invalid_argument where there are fewer samples than a batch takes.
void require_batch(const data::Dataset& data, int64_t batch_size);

/// Trains by cross-entropy, the batches in an order drawn from `order`.
/// Throws like require_batch().
TrainingCurves train_classifier(layers::Module& model, optim::Optimizer& optimizer,
                                const data::Split& split, const TrainingOptions& training,
                                Rng& order, const ExperimentOptions& options);

}  // namespace gradus::lab
