#include "apps/lab/models/classifier.hpp"

#include <gradus.hpp>

namespace gradus::lab {
namespace {

// The schedule for fit(), which reports losses of a validation set. The lab has none and reports
// those of training.
optim::Schedule without_reports(const optim::Schedule& schedule) {
  if (!schedule.uses_metrics()) return schedule;
  const auto rate = [=](int64_t step) { return schedule(step); };
  if (!schedule.sets_momentum()) return rate;
  return {rate, [=](int64_t step) { return schedule.momentum(step); }};
}

}  // namespace

using namespace gradus::layers;

static double mean_of_last_three(const std::vector<double>& values) {
  return estimate(std::span(values).last(std::min<std::size_t>(3, values.size()))).mean;
}

double TrainingCurves::final_loss() const {
  return mean_of_last_three(loss);
}
double TrainingCurves::final_accuracy() const {
  return 100 * mean_of_last_three(accuracy);
}
std::vector<double> TrainingCurves::errors() const {
  std::vector<double> result;
  for (const double correct : accuracy) result.push_back(100 - 100 * correct);
  return result;
}

Sequential network(const std::string& text, const data::Dataset& data, Rng& rng) {
  return build(text, {.input = data.sample_shape(), .classes = data.classes()}, rng);
}

Sequential dense_network(const data::Dataset& data, Rng& rng) {
  return network("dense 32, relu, dense classes", data, rng);
}

Sequential strided_network(const data::Dataset& data, Rng& rng) {
  return network("conv 8 5x5 stride 2, relu, conv 16 3x3 stride 2, relu, dense classes", data, rng);
}

data::Split load_data(const ExperimentOptions& options, int64_t limit) {
  data::Split split =
      data::load(options.data, {.data_dir = options.data_dir, .seed = options.seed}).split;
  limit = options.limit.value_or(limit);
  if (limit == 0 || limit >= split.train.size()) return split;
  return data::normalized_by_train({split.train.first(limit), split.test.first(5 * limit)});
}

void require_batch(const data::Dataset& data, int64_t batch_size) {
  require(data.size() >= batch_size, "lab",
          "a batch of {} needs as many training samples, there are {}", batch_size, data.size());
}

TrainingCurves train_classifier(Module& model, optim::Optimizer& optimizer,
                                const data::Split& split, const TrainingOptions& options,
                                Rng& order, const ExperimentOptions& experiment) {
  require_batch(split.train, options.batch_size);
  train::Training training{
      .model = model,
      .optimizer = optimizer,
      .schedule = without_reports(options.schedule),
      .loss = options.loss ? train::Loss(options.loss) : train::task_of(split.train).default_loss(),
      .train = split.train,
      .epochs = options.epochs,
      .batch_size = options.batch_size,
      .micro_batch = options.batch_size,
      .drop_last = true,
      .augmentation = options.augmentation,
      .order = [&](int64_t) -> Rng& { return order; },
      .stop_where_diverged = false,
      .teacher = options.teacher,
      .distillation = options.distillation};
  train::TrainingState state;
  TrainingCurves run;
  std::vector<double> seconds;
  double losses = 0;
  train::TrainingObserver observer = options.observer;
  observer.after_step = [&](const train::StepRecord& step) {
    experiment.report(
        fmt::format("{}, epoch {}/{}", options.name, run.loss.size() + 1, options.epochs));
    seconds.push_back(step.seconds);
    losses += step.loss;
    if (options.observer.after_step) options.observer.after_step(step);
  };
  observer.after_epoch = [&](const train::EpochRecord& epoch) {
    run.loss.push_back(std::exchange(losses, 0) / static_cast<double>(training.steps_per_epoch()));
    options.schedule.report(epoch.step - 1, run.loss.back());
    const train::Evaluation evaluation = train::evaluate(model, split.test);
    run.accuracy.push_back(evaluation.accuracy);
    run.test_loss.push_back(evaluation.loss);
    if (options.observer.after_epoch) options.observer.after_epoch(epoch);
  };
  train::fit(training, state, observer);
  run.step_seconds = median(std::move(seconds));
  return run;
}

TrainingCurves train_classifier(Module& model, optim::Optimizer& optimizer,
                                const data::Split& split, TrainingOptions options, uint64_t seed,
                                const ExperimentOptions& experiment) {
  Rng order = Rng(seed).fork(1);
  options.name += fmt::format(", seed {}", seed);
  return train_classifier(model, optimizer, split, options, order, experiment);
}

}  // namespace gradus::lab
