#include "train/fit.hpp"

#include <cmath>

#include "core/io/file.hpp"
#include "core/io/json.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "data/sampling.hpp"
#include "optim/accumulation.hpp"
#include "optim/schedules/schedule_text.hpp"
#include "train/checkpoint.hpp"
#include "train/evaluate.hpp"
#include "train/progress.hpp"

namespace gradus::train {
namespace {

std::vector<Rng::State> generator_states(layers::Module& model) {
  std::vector<Rng::State> states;
  for (const auto& [name, rng] : model.named_generators()) states.push_back(rng->state());
  return states;
}

const char* kind(double not_finite) {
  return std::isnan(not_finite) ? "NaN" : "infinite";
}

// The loss of a batch: that of the training, or with a teacher the distillation loss, which also
// uses the teacher's logits for `samples`.
Loss objective(const Training& training, const Tensor& samples) {
  if (!training.teacher) return training.loss;
  return [teacher = training.teacher(samples), options = training.distillation](
             const Tensor& logits, const Tensor& labels) {
    return distillation_loss(logits, teacher, labels, options);
  };
}

// Draws the same numbers at every call in a step.
data::MixedBatch mixed(const Training& training, const data::Batch& batch) {
  if (!training.mix) return {batch.inputs, batch.targets, {}, 1};
  Rng rng = training.mixing.fork(static_cast<uint64_t>(training.optimizer.steps()));
  return training.mix(batch, rng);
}

// Weights of mean 1: the learning rate means the same whatever their scale.
data::Dataset with_relative_weights(const data::Dataset& dataset) {
  const Tensor weights = dataset.weights();
  if (!weights.defined()) return dataset;
  return dataset.weighted((weights / mean(weights).item()).to_vector<float>());
}

// A teacher has its own normalization, so its batches aren't normalized yet.
data::Dataset training_data(const Training& training) {
  return training.teacher ? training.train.normalized({}) : training.train;
}

data::LoaderOptions loader_options(const Training& training, int64_t start) {
  return {.batch_size = training.batch_size,
          .shuffle = training.shuffle,
          .drop_last = training.drop_last,
          .start = start,
          .balanced = training.balanced,
          .transform = training.augmentation};
}

// Accumulates the gradient of a batch of training_data(). Returns its mean loss and
// EpochScore::sum.
std::pair<double, double> backward(const Training& training, const data::Batch& given) {
  data::Batch normalized = given;
  Tensor samples;
  if (training.teacher) {
    samples = mixed(training, given).inputs;
    normalized.inputs = training.train.normalization()(given.inputs);
  }
  const data::MixedBatch batch = mixed(training, normalized);
  const Task& task = task_of(training.train);
  const data::TargetScale& scale = training.train.target_scale();
  double score_sum = 0;
  const auto part = [&](int64_t first, int64_t count) {
    const auto of_part = [&](const Tensor& all) {
      return all.defined() ? row_view(all, first, count) : Tensor();
    };
    const Tensor outputs = training.model(of_part(batch.inputs)), weights = of_part(given.weights);
    const Tensor predicted = task.predictions(outputs, training.loss, scale);
    const auto sum = [&](const Tensor& targets) {
      return task.score.sum(scale.restored(of_part(targets)), predicted, weights);
    };
    score_sum += batch.lambda * sum(batch.targets);
    if (training.mix) score_sum += (1 - batch.lambda) * sum(batch.partners);
    const Loss loss = objective(training, of_part(samples));
    const auto weighted = [&](const Tensor& x, const Tensor& targets) {
      return loss(x, targets, weights);
    };
    return training.mix ? data::mixed_loss(weighted, outputs, batch, first)
                        : weighted(outputs, of_part(batch.targets));
  };
  const double loss = optim::accumulate_backward(batch.targets.size(0), training.micro_batch, part);
  return {loss, score_sum};
}

// Computes the batch again, with the same dropout, to find the operation with the first NaN or
// infinity.
[[noreturn]] void report_divergence(const Training& training, const data::Batch& batch, double loss,
                                    const std::vector<Rng::State>& generators) {
  const auto named = training.model.named_generators();
  for (std::size_t i = 0; i < named.size(); ++i) *named[i].second = Rng(generators[i]);
  std::string place = "all operations have finite results";
  try {
    const AnomalyMode anomaly_mode;
    backward(training, batch);
  } catch (const AnomalyError& error) {
    place = error.what();
  }
  throw DivergedError(
      fmt::format("the loss is {} at step {}: {}", kind(loss), training.steps() + 1, place));
}

void update(Training& training) {
  if (training.schedule) training.optimizer.follow(training.schedule, training.steps_before);
  training.rules.change_gradients(training.optimizer.steps());
  training.optimizer.step();
  training.rules.change_weights(training.optimizer);
  if (training.average && !training.average_from) training.average->update();
}

StepRecord take_step(Training& training, TrainingState& state, const data::Batch& batch,
                     const TrainingObserver& observer) {
  const Stopwatch watch;
  const std::vector<Rng::State> generators = generator_states(training.model);
  training.optimizer.zero_grad();
  const auto [loss, score_sum] = backward(training, batch);
  if (!std::isfinite(loss) && training.stop_where_diverged)
    report_divergence(training, batch, loss, generators);
  if (observer.after_backward) observer.after_backward();
  update(training);

  const int64_t samples = batch.targets.size(0);
  if (std::isnan(state.first_loss)) state.first_loss = loss;
  state.batches += 1;
  state.samples += samples;
  state.loss_sum += loss * static_cast<double>(samples);
  state.score_sum += score_sum;
  return {training.steps(), training.optimizer.lr(), loss, watch.seconds()};
}

NamedTensors copies(const NamedTensors& tensors) {
  const NoGrad no_grad;
  NamedTensors result;
  for (const auto& [name, tensor] : tensors) result.emplace_back(name, tensor.clone());
  return result;
}

// Whether training ends before its last epoch does.
bool has_all_steps(const Training& training) {
  return training.most_steps && training.steps() >= *training.most_steps;
}

// Returns whether the epoch is complete.
bool train_epoch(Training& training, TrainingState& state, const TrainingObserver& observer) {
  training.model.train();
  data::Loader loader(training_data(training), loader_options(training, state.batches),
                      training.order(std::ssize(state.history)));
  const double seconds_before = state.seconds;
  const Stopwatch watch;
  if (has_all_steps(training)) return true;
  for (const data::Batch& batch : loader) {
    const StepRecord step = take_step(training, state, batch, observer);
    state.seconds = seconds_before + watch.seconds();
    if (observer.after_step) observer.after_step(step);
    if (observer.should_stop && observer.should_stop()) return false;
    if (has_all_steps(training)) return true;
  }
  return true;
}

void check_explosion(const Training& training, const EpochRecord& epoch, double first_loss) {
  constexpr double most = 1000;
  const Task& task = task_of(training.train);
  if (epoch.train_loss > most * first_loss &&
      !task.score.is_better(epoch.train_score, task.chance(training.train)))
    throw DivergedError(fmt::format(
        "the training loss of epoch {} is {:.3g}, that of step 1 was {:.3g}, and the {} {} is that "
        "of chance",
        epoch.epoch, epoch.train_loss, first_loss, task.score.title,
        task.score.text(epoch.train_score)));
}

void finish_epoch(Training& training, TrainingState& state) {
  const int64_t epoch = std::ssize(state.history) + 1;
  if (training.average && training.average_from && epoch >= *training.average_from)
    training.average->update();
  Evaluation validation{.loss = std::nan(""), .score = std::nan("")}, test = validation;
  training.with_average([&] {
    if (training.validation)
      validation = evaluate(training.model, *training.validation, {.loss = training.loss});
    if (training.validation && !std::isfinite(validation.loss) && training.stop_where_diverged)
      throw DivergedError(fmt::format("the validation loss is {} after epoch {}, step {}",
                                      kind(validation.loss), epoch, training.steps()));
    if (training.watched_test)
      test = evaluate(training.model, *training.watched_test, {.loss = training.loss});
  });
  const double samples = static_cast<double>(state.samples);
  const EpochRecord record{
      .epoch = epoch,
      .step = training.steps(),
      .lr = training.optimizer.lr(),
      .train_loss = state.loss_sum / samples,
      .train_score = task_of(training.train).score.of_mean(state.score_sum / samples),
      .val_loss = validation.loss,
      .val_score = validation.score,
      .seconds = state.seconds,
      .test_loss = test.loss,
      .test_score = test.score};
  if (training.stop_where_diverged) check_explosion(training, record, state.first_loss);
  state = {.history = std::move(state.history),
           .best = std::move(state.best),
           .first_loss = state.first_loss};
  state.history.push_back(record);
  const bool is_chosen =
      training.validation || training.average || training.optimizer.evaluates_elsewhere();
  if (is_chosen && training.best_epoch(state.history) + 1 == state.history.size())
    training.with_average([&] { state.best = copies(training.model.state_dict()); });
}

optim::Schedule build_schedule(const FitOptions& options, double lr, int64_t steps_per_epoch) {
  if (const auto* schedule = std::get_if<optim::Schedule>(&options.schedule)) return *schedule;
  const std::string& text = std::get<std::string>(options.schedule);
  if (text.empty()) return {};
  return optim::make_schedule(text, lr, std::max<int64_t>(1, options.epochs) * steps_per_epoch);
}

// An optimizer that evaluates elsewhere computes the weights anew at each step.
void check_evaluation(const Training& training) {
  if (!training.optimizer.evaluates_elsewhere()) return;
  require(!training.average, "fit",
          "the optimizer evaluates an average of the weights already: average must be empty");
  require(!training.rules.changes_weights(), "fit",
          "proximal and max_norm change the weights between steps, which the optimizer ignores");
}

// The fraction of the training set to hold out.
double validation_part(const FitOptions& options, double lr) {
  const char* chooser = options.early_stopping ? "early_stopping"
                        : build_schedule(options, lr, 1).uses_metrics()
                            ? "a schedule that uses metrics"
                            : nullptr;
  if (options.validation) {
    range::fraction.check("fit", "validation", *options.validation);
    require(*options.validation > 0 || !chooser, "fit",
            "{} needs validation samples: validation must be above 0, got 0",
            chooser ? chooser : "");
  }
  return options.validation.value_or(chooser ? default_validation : 0);
}

// The training of `model` with these options, on the samples that aren't held out.
Training training_of(layers::Module& model, optim::Optimizer& optimizer, const data::Dataset& train,
                     const FitOptions& options, Rng& rng) {
  range::count_or_zero.check("fit", "epochs", options.epochs);
  range::count.check("fit", "batch_size", options.batch_size);
  range::count.check("fit", "average_from", options.average_from);
  const Task& task = task_of(train);
  const double part = validation_part(options, optimizer.lr());
  std::optional<data::Split> split;
  if (part > 0) split = data::stratified_split(train, part, rng);
  Training training{.model = model,
                    .optimizer = optimizer,
                    .loss = options.loss ? options.loss : task.default_loss(),
                    .rules = StepRules(options.rules, model, rng.fork(0)),
                    .early_stopping = options.early_stopping,
                    .train = split ? split->train : train,
                    .epochs = options.epochs,
                    .batch_size = options.batch_size,
                    .micro_batch = options.batch_size,
                    .drop_last = options.drop_last,
                    .augmentation = options.augmentation,
                    .order = [&rng](int64_t) -> Rng& { return rng; },
                    .stop_where_diverged = options.stop_where_diverged,
                    .steps_before = optimizer.steps()};
  if (split) training.validation = split->test;
  training.watched_test = options.watch_test;
  if (options.average) {
    training.average.emplace(model.state_dict(), *options.average,
                             model.tensors(layers::Role::iterate));
    if (!options.average->decay) training.average_from = options.average_from;
  }
  training.schedule = build_schedule(options, optimizer.lr(), training.steps_per_epoch());
  return training;
}

// The configuration that a checkpoint must have.
std::string config_of(const FitOptions& options, double lr) {
  Json config{{"batch_size", options.batch_size},
              {"drop_last", options.drop_last},
              {"validation", validation_part(options, lr)}};
  // A schedule given as text spans all epochs.
  if (const auto* text = std::get_if<std::string>(&options.schedule); text && !text->empty()) {
    config["schedule"] = *text;
    config["epochs"] = options.epochs;
  }
  return config.dump();
}

}  // namespace

bool fit(Training& training, TrainingState& state, const TrainingObserver& observer) {
  check_evaluation(training);
  training.optimizer.train();
  training.train = with_relative_weights(training.train);
  const Task& task = task_of(training.train);
  optim::EarlyStoppingOptions patience =
      training.early_stopping.value_or(optim::EarlyStoppingOptions{});
  patience.maximize = task.chooses_by_score && task.score.larger_is_better;
  optim::EarlyStopping stopping(patience);
  require(training.validation || !(training.early_stopping || training.schedule.uses_metrics()),
          "fit", "early stopping and schedules that use metrics need a validation set");
  const auto report = [&](const EpochRecord& record) {
    training.schedule.report(record.step - 1, record.val_loss);
    if (record.epoch >= training.average_from.value_or(1))
      stopping.report(task.chooses_by_score ? record.val_score : record.val_loss);
  };
  for (const EpochRecord& record : state.history) report(record);
  while (std::ssize(state.history) < training.epochs) {
    if (training.early_stopping && stopping.should_stop()) return true;
    if (observer.should_stop && observer.should_stop()) return false;
    if (!train_epoch(training, state, observer)) return false;
    finish_epoch(training, state);
    report(state.history.back());
    if (observer.after_epoch) observer.after_epoch(state.history.back());
  }
  return true;
}

History fit(layers::Module& model, optim::Optimizer& optimizer, const data::Dataset& train,
            const FitOptions& options, Rng& rng) {
  Training training = training_of(model, optimizer, train, options, rng);
  TrainingState state;
  std::optional<CheckpointFolder> checkpoints;
  if (!options.checkpoints.empty()) {
    make_folders(options.checkpoints);
    checkpoints.emplace(options.checkpoints,
                        CheckpointOwner{.config = config_of(options, optimizer.lr())});
    if (checkpoints->has_checkpoint()) state = checkpoints->read(training).state;
    // Brings the generator to its state after the finished epochs.
    for (std::size_t epoch = 0; epoch < state.history.size(); ++epoch)
      data::Loader(training.train, loader_options(training, 0), rng).begin();
  }
  const bool quiet = options.progress == ShowProgress::never ||
                     (options.progress == ShowProgress::in_terminal && !is_terminal(stdout));
  Progress progress(training, quiet);
  TrainingObserver observer = options.observer;
  observer.after_step = [&](const StepRecord& step) {
    progress.after_step(state);
    if (options.observer.after_step) options.observer.after_step(step);
  };
  observer.after_epoch = [&](const EpochRecord& epoch) {
    if (checkpoints) checkpoints->write(training, state);
    progress.after_epoch(state);
    if (options.observer.after_epoch) options.observer.after_epoch(epoch);
  };
  fit(training, state, observer);
  optimizer.eval();
  if (!state.best.empty()) model.load_state_dict(state.best);
  return state.history;
}

}  // namespace gradus::train
