#include "apps/gradus/train/trainer.hpp"

#include <cmath>

#include "core/ops/shape.hpp"
#include "core/stopwatch.hpp"
#include "data/metrics.hpp"
#include "layers/reparametrization.hpp"
#include "optim/accumulation.hpp"

namespace gradus::app {
namespace {

std::vector<Rng::State> generator_states(layers::Module& model) {
  std::vector<Rng::State> states;
  for (const auto& [name, rng] : model.named_generators()) states.push_back(rng->state());
  return states;
}

const char* kind(double not_finite) {
  return std::isnan(not_finite) ? "NaN" : "infinite";
}

// What a batch is trained by: its loss, or the opinion of the teacher on `samples` too.
LossFunction objective(const Training& training, const Tensor& samples) {
  if (!training.teacher) return training.loss;
  return [teacher = training.teacher(samples), options = training.distillation](
             const Tensor& logits, const Tensor& labels) {
    return distillation_loss(logits, teacher, labels, options);
  };
}

// The same draws at every call of a step.
data::MixedBatch mixed(const Training& training, const data::Batch& batch) {
  if (!training.mix) return {batch.inputs, batch.targets, {}, 1};
  Rng rng = training.mixing.fork(static_cast<uint64_t>(training.optimizer.steps()));
  return training.mix(batch, rng);
}

// Where there is a teacher, with a normalization of its own, batches come without any.
data::Dataset training_data(const Training& training) {
  return training.teacher ? training.train.normalized({}) : training.train;
}

// Adds the gradient of a batch of training_data(). Returns its mean loss, and how many are correct.
std::pair<double, double> backward(const Training& training, const data::Batch& given) {
  data::Batch normalized = given;
  Tensor samples;
  if (training.teacher) {
    samples = mixed(training, given).inputs;
    normalized.inputs = training.train.normalization()(given.inputs);
  }
  const data::MixedBatch batch = mixed(training, normalized);
  double correct = 0;
  const auto part = [&](int64_t first, int64_t count) {
    const auto of_part = [&](const Tensor& all) {
      return all ? slice(all, 0, first, first + count) : Tensor();
    };
    const Tensor labels = of_part(batch.targets), logits = training.model(of_part(batch.inputs));
    const Tensor predicted = data::predictions(logits);
    correct += batch.lambda * static_cast<double>(data::count_correct(labels, predicted));
    if (training.mix)
      correct += (1 - batch.lambda) *
                 static_cast<double>(data::count_correct(of_part(batch.partners), predicted));
    const LossFunction loss = objective(training, of_part(samples));
    return training.mix ? data::mixed_loss(loss, logits, batch, first) : loss(logits, labels);
  };
  const double loss = optim::accumulate_backward(batch.targets.numel(), training.micro_batch, part);
  return {loss, correct};
}

// Computes the batch again, with the same dropout, to find where the first NaN or infinity arises.
[[noreturn]] void report_divergence(const Training& training, const data::Batch& batch, double loss,
                                    const std::vector<Rng::State>& generators) {
  const auto named = training.model.named_generators();
  for (std::size_t i = 0; i < named.size(); ++i) *named[i].second = Rng(generators[i]);
  std::string place = "no single operation is to blame";
  try {
    const AnomalyMode anomaly_mode;
    backward(training, batch);
  } catch (const AnomalyError& error) {
    place = error.what();
  }
  throw DivergedError(fmt::format("the loss is {} at step {}: {}", kind(loss),
                                  training.optimizer.steps() + 1, place));
}

void update(Training& training) {
  const int64_t step = training.optimizer.steps();
  training.optimizer.follow(training.schedule);
  training.rules.change_gradients(step);
  training.optimizer.step();
  training.rules.change_weights(training.optimizer);
  if (training.average && !training.average_from) training.average->update();
}

StepRecord take_step(Training& training, TrainingState& state, const data::Batch& batch) {
  const std::vector<Rng::State> generators = generator_states(training.model);
  training.optimizer.zero_grad();
  const auto [loss, correct] = backward(training, batch);
  if (!std::isfinite(loss)) report_divergence(training, batch, loss, generators);
  update(training);

  const int64_t images = batch.targets.numel();
  state.batches += 1;
  state.images += images;
  state.loss_sum += loss * static_cast<double>(images);
  state.correct += correct;
  return {training.optimizer.steps(), training.optimizer.lr(), loss};
}

NamedTensors copies(const NamedTensors& tensors) {
  const NoGrad no_grad;
  NamedTensors result;
  for (const auto& [name, tensor] : tensors) result.emplace_back(name, tensor.clone());
  return result;
}

// Whether the epoch came to its end.
bool train_epoch(Training& training, TrainingState& state, const TrainingObserver& observer) {
  training.model.train();
  Rng order = training.order.fork(state.history.size());
  data::Loader loader(training_data(training),
                      {.batch_size = training.batch_size,
                       .drop_last = training.drop_last,
                       .start = state.batches,
                       .balanced = training.balanced,
                       .transform = training.augmentation},
                      order);
  const double seconds_before = state.seconds;
  const Stopwatch watch;
  for (const data::Batch& batch : loader) {
    const StepRecord step = take_step(training, state, batch);
    state.seconds = seconds_before + watch.seconds();
    if (observer.after_step) observer.after_step(step);
    if (observer.should_stop && observer.should_stop()) return false;
  }
  return true;
}

void finish_epoch(Training& training, TrainingState& state) {
  const int64_t epoch = static_cast<int64_t>(state.history.size()) + 1;
  if (training.average && training.average_from && epoch >= *training.average_from)
    training.average->update();
  Evaluation validation;
  training.with_average(
      [&] { validation = evaluate(training.model, training.loss, training.validation); });
  if (!std::isfinite(validation.loss))
    throw DivergedError(fmt::format("the validation loss is {} after epoch {}, step {}",
                                    kind(validation.loss), epoch, training.optimizer.steps()));
  const double images = static_cast<double>(state.images);
  const EpochRecord record{.epoch = epoch,
                           .step = training.optimizer.steps(),
                           .lr = training.optimizer.lr(),
                           .train_loss = state.loss_sum / images,
                           .train_accuracy = state.correct / images,
                           .val_loss = validation.loss,
                           .val_accuracy = validation.accuracy,
                           .seconds = state.seconds};
  state = {.history = std::move(state.history), .best = std::move(state.best)};
  state.history.push_back(record);
  if (training.best_epoch(state.history) + 1 == state.history.size())
    training.with_average([&] { state.best = copies(training.model.state_dict()); });
}

}  // namespace

int64_t Training::steps_per_epoch() const {
  const int64_t whole = train.size() / batch_size;
  return whole + (!drop_last && train.size() % batch_size > 0);
}

void Training::with_average(const std::function<void()>& body) {
  std::optional<optim::WeightAverage::Scope> scope;
  if (average && average->updates() > 0) {
    scope.emplace(*average);
    layers::settle(model);
  }
  body();
}

std::size_t Training::best_epoch(const std::vector<EpochRecord>& history) const {
  return app::best_epoch(history, average_from.value_or(1));
}

std::size_t best_epoch(const std::vector<EpochRecord>& history, int64_t first) {
  const auto better = [](const EpochRecord& a, const EpochRecord& b) {
    return std::pair(a.val_accuracy, -a.val_loss) < std::pair(b.val_accuracy, -b.val_loss);
  };
  const bool is_there = first >= 1 && first <= std::ssize(history);
  const auto begin = history.begin() + (is_there ? first - 1 : 0);
  return static_cast<std::size_t>(std::max_element(begin, history.end(), better) - history.begin());
}

bool train(Training& training, TrainingState& state, const TrainingObserver& observer) {
  optim::EarlyStopping stopping(training.early_stopping.value_or(optim::EarlyStoppingOptions{}));
  const auto report = [&](const EpochRecord& record) {
    training.schedule.report(record.step - 1, record.val_loss);
    if (record.epoch >= training.average_from.value_or(1)) stopping.report(record.val_accuracy);
  };
  for (const EpochRecord& record : state.history) report(record);
  while (static_cast<int64_t>(state.history.size()) < training.epochs) {
    if (training.early_stopping && stopping.should_stop()) return true;
    if (observer.should_stop && observer.should_stop()) return false;
    if (!train_epoch(training, state, observer)) return false;
    finish_epoch(training, state);
    report(state.history.back());
    if (observer.after_epoch) observer.after_epoch();
  }
  return true;
}

Evaluation evaluate(layers::Module& model, const LossFunction& loss, const data::Dataset& dataset,
                    int64_t batch_size) {
  const auto scope = model.evaluation_scope();
  Evaluation result{.predictions = Tensor::empty({dataset.size()}, DType::i64)};
  int64_t* predictions = result.predictions.mutable_data<int64_t>();
  int64_t correct = 0;
  for (int64_t first = 0; first < dataset.size(); first += batch_size) {
    const int64_t size = std::min(batch_size, dataset.size() - first);
    const data::Batch batch = dataset.batch(first, size);
    const Tensor logits = model(batch.inputs);
    const Tensor predicted = data::predictions(logits);
    result.loss += loss(logits, batch.targets).item() * static_cast<double>(size);
    correct += data::count_correct(batch.targets, predicted);
    std::copy_n(predicted.data<int64_t>(), size, predictions + first);
  }
  result.loss /= static_cast<double>(dataset.size());
  result.accuracy = static_cast<double>(correct) / static_cast<double>(dataset.size());
  return result;
}

}  // namespace gradus::app
