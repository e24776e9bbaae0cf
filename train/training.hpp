// Training, TrainingState, TrainingObserver: what a training is made of, how far it has come, and
// who watches it.
#pragma once

#include "data/loader.hpp"
#include "data/transform/mixing.hpp"
#include "optim/averaging.hpp"
#include "optim/early_stopping.hpp"
#include "optim/schedule.hpp"
#include "train/step_rules.hpp"

namespace gradus::train {

/// Logits for samples as they are before any normalization.
using Teacher = std::function<Tensor(const Tensor& samples)>;

/// An epoch: a row of metrics.csv. The training columns are means over the epoch while it changed
/// the weights; `seconds` is the time of training, without evaluation. Without validation its
/// columns are NaN.
struct EpochRecord {
  int64_t epoch = 0;          ///< its number, from 1 on
  int64_t step = 0;           ///< the number of its last step
  double lr = 0;              ///< the rate of that step
  double train_loss = 0;      ///< mean over the epoch
  double train_accuracy = 0;  ///< 0 … 1
  double val_loss = 0;        ///< at its end
  double val_accuracy = 0;    ///< at its end, 0 … 1
  double seconds = 0;         ///< of training
};

/// The finished epochs, the first one first.
using History = std::vector<EpochRecord>;

/// Calls visit(name, field) for each field, in the order of the columns of metrics.csv.
template <class Record, class Visit>
void for_each_field(Record& record, Visit visit) {
  visit("epoch", record.epoch);
  visit("step", record.step);
  visit("lr", record.lr);
  visit("train_loss", record.train_loss);
  visit("train_accuracy", record.train_accuracy);
  visit("val_loss", record.val_loss);
  visit("val_accuracy", record.val_accuracy);
  visit("seconds", record.seconds);
}

/// What is trained, on what and how.
struct Training {
  layers::Module& model;        ///< what is trained
  optim::Optimizer& optimizer;  ///< of its parameters
  /// That nothing was reported to; none: the optimizer's own rate throughout.
  optim::Schedule schedule = {};
  LossFunction loss;     ///< what training minimizes, and validation reports
  StepRules rules = {};  ///< what is done around each step
  /// On validation accuracies, or without validation on training accuracies.
  std::optional<optim::EarlyStoppingOptions> early_stopping = {};
  data::Dataset train;  ///< what it learns from
  /// What judges each epoch. Without it the last epoch counts as the best, and schedules that ask
  /// for a loss are told the training loss.
  std::optional<data::Dataset> validation = {};
  int64_t epochs = 1;                      ///< passes over the training set
  int64_t batch_size = 128;                ///< samples a step
  int64_t micro_batch = 128;               ///< the most that go through the model at once
  bool drop_last = false;                  ///< leave out a last batch that is smaller
  bool balanced = false;                   ///< every class equally often
  data::BatchTransform augmentation = {};  ///< changes of training images
  /// Takes in the weights after every step, or at the end of the epochs from `average_from` on.
  /// Validation and the best weights are the average's, once there is one.
  std::optional<optim::WeightAverage> average = {};
  std::optional<int64_t> average_from = {};  ///< the first of those epochs
  /// The generator that the order of epoch 0, 1, … is drawn from.
  std::function<Rng&(int64_t epoch)> order;
  /// Whether a loss that is NaN or infinite is an error.
  bool stop_where_diverged = true;

  /// Mixes a batch's samples; none by default. Step t draws from mixing.fork(t).
  std::function<data::MixedBatch(const data::Batch& batch, Rng& rng)> mix = {};
  Rng mixing = Rng(0);  ///< see `mix`
  /// Trains by distillation_loss() in place of `loss`, which goes on to judge; none by default.
  Teacher teacher = {};
  DistillationOptions distillation = {};  ///< for the teacher

  /// Steps of an epoch.
  int64_t steps_per_epoch() const;
  /// The index of the best epoch of `history`, which isn't empty: the highest validation accuracy,
  /// among equals that of the lowest loss, then the first; without validation the last. Once epochs
  /// end in a mean of weights, only these count.
  std::size_t best_epoch(const History& history) const;
  /// What `body()` does while the model has its averaged weights.
  void with_average(const std::function<void()>& body);
};

/// A step that was taken: its number from 1 on, its rate, the loss before it, and the time that
/// forward pass, backward pass and update took.
struct StepRecord {
  int64_t step = 0;    ///< its number
  double lr = 0;       ///< its rate
  double loss = 0;     ///< before it
  double seconds = 0;  ///< that it took
};

/// How far training has come; with the values of model, optimizer and generators, all that it
/// takes to go on.
struct TrainingState {
  History history;         ///< of the finished epochs
  NamedTensors best = {};  ///< the model's state after the best of them, in copies
  int64_t batches = 0;     ///< of the epoch under way, like what follows
  int64_t samples = 0;     ///< in those batches
  /// Of a mixture the part that the predicted class has in it.
  double correct = 0;
  double loss_sum = 0;  ///< over the samples
  double seconds = 0;   ///< of training
};

/// The index of the best of the epochs from number `first` on, or of all where there are none; the
/// last where validation is missing.
std::size_t best_epoch(const History& history, int64_t first);

/// A loss that is NaN or infinite; the text names the step, the layer and the shapes.
struct DivergedError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Called during training; empty ones aren't.
struct TrainingObserver {
  std::function<void()> after_backward = {};  ///< the gradients are there, the step isn't taken
  std::function<void(const StepRecord& step)> after_step = {};     ///< with what the step was
  std::function<void(const EpochRecord& epoch)> after_epoch = {};  ///< with what it came to
  /// Asked after every step and before every epoch: `InterruptScope::signal() != 0`.
  std::function<bool()> should_stop = {};
};

}  // namespace gradus::train
