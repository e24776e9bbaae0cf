// Training: model, data and options of a training; TrainingState: its progress; TrainingObserver:
// callbacks.
#pragma once

#include <limits>

#include "data/loader.hpp"
#include "data/transform/mixing.hpp"
#include "optim/averaging.hpp"
#include "optim/early_stopping.hpp"
#include "optim/schedule.hpp"
#include "train/step_rules.hpp"
#include "train/task.hpp"

namespace gradus::train {

/// Returns the logits for samples before normalization.
using Teacher = std::function<Tensor(const Tensor& samples)>;

/// A row of metrics.csv: the results of an epoch. The score is that of the task: accuracy for
/// classes and labels, RMSE for numbers. Training loss and score are means over the batches, while
/// the weights change. Those of the validation and the test set are NaN unless the epoch was
/// evaluated on them.
struct EpochRecord {
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();  ///< not evaluated

  int64_t epoch = 0;         ///< its number, from 1 on
  int64_t step = 0;          ///< the number of its last step
  double lr = 0;             ///< the learning rate of that step
  double train_loss = 0;     ///< mean over the epoch
  double train_score = 0;    ///< over the epoch
  double val_loss = none;    ///< at the end of the epoch
  double val_score = none;   ///< at the end of the epoch
  double seconds = 0;        ///< of training, without evaluation
  double test_loss = none;   ///< at the end of the epoch, with Training::watched_test
  double test_score = none;  ///< at the end of the epoch
};

/// The finished epochs, the first one first.
using History = std::vector<EpochRecord>;

/// Calls visit(name, field) for each field, in the order of the columns of metrics.csv, where the
/// task's name replaces "score". The last two are missing there unless the test set is watched.
template <class Record, class Visit>
void for_each_field(Record& record, Visit visit) {
  visit("epoch", record.epoch);
  visit("step", record.step);
  visit("lr", record.lr);
  visit("train_loss", record.train_loss);
  visit("train_score", record.train_score);
  visit("val_loss", record.val_loss);
  visit("val_score", record.val_score);
  visit("seconds", record.seconds);
  visit("test_loss", record.test_loss);
  visit("test_score", record.test_score);
}

/// A training: model, data and options.
struct Training {
  layers::Module& model;        ///< the model to train
  optim::Optimizer& optimizer;  ///< of the model's parameters
  /// A new schedule (default: the optimizer's constant rate).
  optim::Schedule schedule = {};
  Loss loss;             ///< minimized in training, reported in validation
  StepRules rules = {};  ///< penalties, clipping, noise and constraints of each step
  /// By the validation score or loss, as the task chooses; it needs a validation set. `maximize` is
  /// ignored.
  std::optional<optim::EarlyStoppingOptions> early_stopping = {};
  data::Dataset train;  ///< the training set
  /// The validation set, which chooses: the best epoch, when early stopping stops, what schedules
  /// that use metrics do. Without it the last epoch counts as the best.
  std::optional<data::Dataset> validation = {};
  /// The test set, to watch it: it is evaluated after each epoch and chooses nothing.
  std::optional<data::Dataset> watched_test = {};
  int64_t epochs = 1;         ///< passes over the training set
  int64_t batch_size = 128;   ///< samples of a step
  int64_t micro_batch = 128;  ///< the most samples in a forward pass
  bool drop_last = false;     ///< leave a smaller last batch out
  bool shuffle = true;        ///< LoaderOptions::shuffle
  bool balanced = false;      ///< draw every class equally often
  /// The training ends after so many steps, the last epoch earlier than others; empty: by `epochs`.
  std::optional<int64_t> most_steps = {};
  data::BatchTransform augmentation = {};  ///< of training images
  /// The average of the weights, updated after every step, or at the end of the epochs from
  /// `average_from` on. After the first update it is validated, and kept as the best weights.
  std::optional<optim::WeightAverage> average = {};
  std::optional<int64_t> average_from = {};  ///< the first of these epochs
  /// The generator for the order of epoch 0, 1, ….
  std::function<Rng&(int64_t epoch)> order;
  /// A training that diverges is an error: see DivergedError.
  bool stop_where_diverged = true;
  /// The steps of the optimizer in an earlier training that this one continues: the numbers of
  /// steps and the schedule start after them.
  int64_t steps_before = 0;

  /// Mixes the samples of a batch (default: no mixing). Step t draws from mixing.fork(t).
  std::function<data::MixedBatch(const data::Batch& batch, Rng& rng)> mix = {};
  Rng mixing = Rng(0);  ///< see `mix`
  /// With a teacher training minimizes distillation_loss(); validation still reports `loss`.
  Teacher teacher = {};
  DistillationOptions distillation = {};  ///< used with a teacher

  /// The number of steps of an epoch.
  int64_t steps_per_epoch() const;
  /// The number of steps of the whole training.
  int64_t all_steps() const;
  /// The number of steps so far, without those before.
  int64_t steps() const { return optimizer.steps() - steps_before; }
  /// The index of the best epoch of `history`, which must not be empty; see train::best_epoch(). If
  /// weights are averaged over epochs, only the epochs from `average_from` on count.
  std::size_t best_epoch(const History& history) const;
  /// Calls `body()` while the model has the weights for evaluation: those of the average, or where
  /// the optimizer evaluates.
  void with_average(const std::function<void()>& body);
};

/// A training step.
struct StepRecord {
  int64_t step = 0;    ///< its number, from 1 on
  double lr = 0;       ///< its learning rate
  double loss = 0;     ///< before the update
  double seconds = 0;  ///< of forward pass, backward pass and update
};

/// The progress of a training. Together with the model, optimizer and generators it suffices to
/// resume.
struct TrainingState {
  History history;         ///< of the finished epochs
  NamedTensors best = {};  ///< copies of the model's state after the best epoch
  int64_t batches = 0;     ///< of the current epoch, as below
  int64_t samples = 0;     ///< in these batches
  /// Σ of EpochScore::sum over the batches; in a mixed sample each target counts by its weight.
  double score_sum = 0;
  double loss_sum = 0;  ///< over the samples
  double seconds = 0;   ///< of training
  /// The loss of the first step.
  double first_loss = std::numeric_limits<double>::quiet_NaN();
};

/// The index of the best epoch from number `first` on, or of all if `history` is shorter: that of
/// the best validation score if the task chooses by it, then of the lowest loss, then the first.
/// Without validation the last epoch.
std::size_t best_epoch(const History& history, int64_t first, const Task& task);

/// The loss is NaN or infinite; the message names the step, the layer and the shapes. Or an epoch's
/// training loss is above 1000 times that of the first step, with a training score that isn't
/// better than that of the best constant prediction.
struct DivergedError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Functions called during training; empty ones are skipped.
struct TrainingObserver {
  std::function<void()> after_backward = {};  ///< after backward(), before the optimizer's step
  std::function<void(const StepRecord& step)> after_step = {};     ///< after every step
  std::function<void(const EpochRecord& epoch)> after_epoch = {};  ///< after every epoch
  /// Called after every step and before every epoch; true stops the training. Programs return
  /// `InterruptScope::signal() != 0`.
  std::function<bool()> should_stop = {};
};

}  // namespace gradus::train
