// fit: trains a model for a number of epochs.
#pragma once

#include "train/training.hpp"

namespace gradus::train {

/// When fit() prints its progress.
enum class ShowProgress {
  in_terminal,  ///< if stdout is a terminal
  always,       ///< always: without a terminal one line for each epoch
  never         ///< never
};

/// The fraction of the training set that is held out where something has to choose and no fraction
/// is given.
inline constexpr double default_validation = 0.1;

/// Options of fit(); an observer can do more.
struct FitOptions {
  int64_t epochs = 1;        ///< passes over the training set; 0 or more
  int64_t batch_size = 128;  ///< samples of a step; the last batch of an epoch may be smaller
  bool drop_last = false;    ///< leave a smaller last batch out
  /// The fraction of the training set that is held out for validation after each epoch, in [0, 1):
  /// a stratified part. With validation the model ends with the weights of the epoch that is best
  /// on it, else with the last ones. The default is 0, but default_validation with early stopping
  /// or a schedule that uses metrics; 0 is then an error.
  std::optional<double> validation = {};
  /// The test set, to evaluate it after each epoch: test_loss and test_score of EpochRecord. It
  /// chooses nothing.
  std::optional<data::Dataset> watch_test = {};
  Loss loss = {};  ///< default: that of the data set's task, cross-entropy for classes
  /// A text such as "cosine:min-lr=1e-5", whose largest rate is the optimizer's (see
  /// make_schedule()), or a new Schedule. The default is the optimizer's constant rate.
  std::variant<std::string, optim::Schedule> schedule = {};
  StepRuleOptions rules = {};              ///< penalties, clipping, noise, max-norm
  data::BatchTransform augmentation = {};  ///< of training images: data::augment("flip")
  /// By the validation accuracy for classes, else the validation loss; `maximize` is ignored.
  std::optional<optim::EarlyStoppingOptions> early_stopping = {};
  /// An average of the weights, which the model ends with: an exponential moving average over all
  /// steps, or the mean over the ends of the epochs from number `average_from` on.
  std::optional<optim::WeightAverageOptions> average = {};
  int64_t average_from = 1;         ///< 1 or more
  bool stop_where_diverged = true;  ///< a training that diverges is an error: see DivergedError
  /// A folder for a checkpoint after every epoch; it is created if it doesn't exist. If it contains
  /// a checkpoint, training resumes from it, with the same bits as without interruption.
  std::string checkpoints = {};
  ShowProgress progress = ShowProgress::in_terminal;  ///< when progress is printed
  TrainingObserver observer = {};                     ///< is called during training
};

/// Trains `model` on `train` by `optimizer`, which was made for the model's parameters:
///
///     train::fit(model, optimizer, train, {.epochs = 3, .validation = 0.1}, rng);
///
/// The order of each epoch and the held-out samples are drawn from `rng`: without options the
/// result is bit for bit that of a loop over data::Loader(train, {.batch_size = 128}, rng). Called
/// again with the same model and optimizer it continues; a schedule starts anew. Returns a record
/// of each epoch. Throws std::invalid_argument for an option out of its range,
/// DivergedError, and std::runtime_error for a checkpoint that can't be written or belongs to
/// another training.
History fit(layers::Module& model, optim::Optimizer& optimizer, const data::Dataset& train,
            const FitOptions& options, Rng& rng);

/// The same for programs: trains from `state` on and updates it. Returns true at the end of
/// training (also after early stopping), false if the observer stopped it. Schedule and early
/// stopping are restored from the history. Throws DivergedError, and std::invalid_argument if
/// something has to choose and there is no validation set.
bool fit(Training& training, TrainingState& state, const TrainingObserver& observer = {});

}  // namespace gradus::train
