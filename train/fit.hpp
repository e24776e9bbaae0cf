// fit: trains a model, epoch by epoch.
#pragma once

#include "train/training.hpp"

namespace gradus::train {

/// Where fit() draws its progress line.
enum class ShowProgress {
  in_terminal,  ///< where stdout is a terminal
  always,       ///< elsewhere a line for each epoch
  never         ///< nowhere
};

/// Options of fit(). What they don't say, an observer can do.
struct FitOptions {
  int64_t epochs = 1;        ///< passes over the training set; 1 or more
  int64_t batch_size = 128;  ///< samples a step; the last one of an epoch may be smaller
  bool drop_last = false;    ///< leaves that smaller one out
  /// The part of the training set that is held out to judge each epoch by, in [0, 1). The model
  /// ends with the weights of the best epoch then, else with the last ones.
  double validation = 0;
  LossFunction loss = {};  ///< none: that of the data set's task, cross-entropy for classes
  /// As text, "cosine:min-lr=1e-5", whose largest rate is the optimizer's (see make_schedule()), or
  /// as a value that nothing was reported to. By default the optimizer's rate throughout.
  std::variant<std::string, optim::Schedule> schedule = {};
  StepRuleOptions rules = {};              ///< penalties, clipping, noise, largest norms
  data::BatchTransform augmentation = {};  ///< changes of training images: data::augment("flip")
  /// On the accuracy of validation, or without validation on that of training, whatever its
  /// `maximize` says.
  std::optional<optim::EarlyStoppingOptions> early_stopping = {};
  /// An average of the weights, which the model ends with: an exponential one of every step, or the
  /// mean of the ends of the epochs from number `average_from` on.
  std::optional<optim::WeightAverageOptions> average = {};
  int64_t average_from = 1;         ///< from 1 on
  bool stop_where_diverged = true;  ///< whether a loss that is NaN or infinite is an error
  /// A folder that gets a checkpoint after every epoch, made where it is missing. Where it holds
  /// one already, training goes on from there, with the bits of one that was never interrupted.
  std::string checkpoints = {};
  ShowProgress progress = ShowProgress::in_terminal;  ///< where progress is shown
  TrainingObserver observer = {};                     ///< who else is told
};

/// Trains `model` by `optimizer`, which has its parameters, on `train`:
///
///     train::fit(model, optimizer, train, {.epochs = 3, .validation = 0.1}, rng);
///
/// The order of each epoch, and what is held out, is drawn from `rng`: without options the result
/// is bit for bit that of a loop over data::Loader(train, {.batch_size = 128}, rng). Returns what
/// each epoch came to. Throws std::invalid_argument for an option out of its range, DivergedError
/// for a loss that is NaN or infinite, and std::runtime_error for a checkpoint that can't be
/// written or is of another training.
History fit(layers::Module& model, optim::Optimizer& optimizer, const data::Dataset& train,
            const FitOptions& options, Rng& rng);

/// The same as a program runs it: trains from `state` on, and keeps it up to date. Returns whether
/// it came to the end, be it early, rather than being stopped. Schedule and early stopping learn
/// from the history what they would have been told. Throws DivergedError.
bool fit(Training& training, TrainingState& state, const TrainingObserver& observer = {});

}  // namespace gradus::train
