#include "apps/lab/models/classifier.hpp"

#include <algorithm>

#include "core/ops/loss.hpp"
#include "core/statistics.hpp"
#include "core/stopwatch.hpp"
#include "data/metrics.hpp"
#include "data/sets/sources.hpp"
#include "layers/activation.hpp"
#include "layers/convolution.hpp"
#include "layers/dense.hpp"
#include "layers/flatten.hpp"

namespace gradus::lab {

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
double TrainingCurves::mean_loss() const {
  return estimate(loss).mean;
}

Sequential dense_network(const data::Dataset& data, Rng& rng) {
  return Sequential{Flatten(), Dense(data.sample_shape().numel(), 32, rng), ReLU(),
                    Dense(32, data.classes(), rng)};
}

Sequential strided_network(const data::Dataset& data, Rng& rng) {
  require(data.sample_shape() == Shape({1, 28, 28}), "strided_network",
          "needs images (1, 28, 28), got samples {}", data.sample_shape());
  return Sequential{Conv2d({.in_channels = 1, .out_channels = 8, .kernel = 5, .stride = 2}, rng),
                    ReLU(),
                    Conv2d({.in_channels = 8, .out_channels = 16, .kernel = 3, .stride = 2}, rng),
                    ReLU(),
                    Flatten(),
                    Dense(16 * 5 * 5, data.classes(), rng)};
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
                                const data::Split& split, const TrainingOptions& training,
                                Rng& order, const ExperimentOptions& options) {
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
      const Stopwatch watch;
      const Tensor loss = cross_entropy(model(images), labels);
      optimizer.zero_grad();
      loss.backward();
      if (training.before_step) training.before_step();
      optimizer.step();
      if (training.after_step) training.after_step();
      seconds.push_back(watch.seconds());
      loss_sum += loss.item();
    }
    run.loss.push_back(loss_sum / static_cast<double>(loader.size()));
    training.schedule.report(optimizer.steps() - 1, run.loss.back());
    run.accuracy.push_back(gradus::accuracy(model, split.test));
    if (training.after_epoch) training.after_epoch();
  }
  run.step_seconds = median(std::move(seconds));
  return run;
}

TrainingCurves train_classifier(Module& model, optim::Optimizer& optimizer,
                                const data::Split& split, TrainingOptions training, uint64_t seed,
                                const ExperimentOptions& options) {
  Rng order = Rng(seed).fork(1);
  training.name += fmt::format(", seed {}", seed);
  return train_classifier(model, optimizer, split, training, order, options);
}

}  // namespace gradus::lab
