#include "apps/lab/models/classifier.hpp"

#include <algorithm>
#include <chrono>

#include "core/ops/loss.hpp"
#include "core/statistics.hpp"
#include "data/loader.hpp"
#include "data/metrics.hpp"
#include "data/sets/sources.hpp"

namespace gradus::lab {
namespace {

double mean_of_last_three(const std::vector<double>& values) {
  const std::size_t count = std::min<std::size_t>(3, values.size());
  return estimate(std::span(values).last(count)).mean;
}

}  // namespace

double TrainingCurves::final_loss() const {
  return mean_of_last_three(loss);
}

double TrainingCurves::final_accuracy() const {
  return mean_of_last_three(accuracy);
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

TrainingCurves train_classifier(layers::Module& model, optim::Optimizer& optimizer,
                                const data::Split& split, const TrainingOptions& training,
                                Rng& order, const ExperimentOptions& options) {
  using Clock = std::chrono::steady_clock;
  require_batch(split.train, training.batch_size);
  data::Loader loader(
      split.train,
      {.batch_size = training.batch_size, .drop_last = true, .transform = training.transform},
      order);
  TrainingCurves run;
  std::vector<double> seconds;
  for (int64_t epoch = 1; epoch <= training.epochs; ++epoch) {
    double loss_sum = 0;
    for (const auto& [images, labels] : loader) {
      options.report(fmt::format("{}, epoch {}/{}", training.name, epoch, training.epochs));
      if (training.schedule) optimizer.follow(training.schedule);
      const Clock::time_point start = Clock::now();
      const Tensor loss = cross_entropy(model(images), labels);
      optimizer.zero_grad();
      loss.backward();
      if (training.before_step) training.before_step();
      optimizer.step();
      if (training.after_step) training.after_step();
      seconds.push_back(std::chrono::duration<double>(Clock::now() - start).count());
      loss_sum += loss.item();
    }
    run.loss.push_back(loss_sum / static_cast<double>(loader.size()));
    training.schedule.report(optimizer.steps() - 1, run.loss.back());
    run.accuracy.push_back(gradus::accuracy(model, split.test));
  }
  run.step_seconds = median(std::move(seconds));
  return run;
}

}  // namespace gradus::lab
