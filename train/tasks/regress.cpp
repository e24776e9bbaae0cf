// regress: the task whose targets are numbers.
#include <cmath>

#include "train/task.hpp"

namespace gradus::train {
namespace {

Tensor predicted_numbers(const Tensor& outputs, const Loss& loss, const data::TargetScale& scale) {
  return scale.restored(loss.numbers ? loss.numbers(outputs) : outputs.detach());
}

// Of each sample the mean of the squared errors of its numbers.
double squared_errors(const Tensor& targets, const Tensor& predictions, const Tensor& weights) {
  const int64_t numbers = targets.size(1);
  std::vector<double> errors(static_cast<std::size_t>(targets.size(0)));
  dispatch_floating("squared_errors", predictions.dtype(), [&]<class T>(T) {
    for (int64_t i = 0; i < targets.numel(); ++i) {
      const double error = targets.data<float>()[i] - static_cast<double>(predictions.data<T>()[i]);
      errors[static_cast<std::size_t>(i / numbers)] += error * error;
    }
  });
  return weighted_sum(errors, weights) / static_cast<double>(numbers);
}

// The error of predicting the mean.
double deviation_of_numbers(const data::Dataset& dataset) {
  double variance = 0;
  const std::vector<double> deviations = dataset.target_statistics().deviation;
  for (const double deviation : deviations)
    variance += deviation * deviation / static_cast<double>(deviations.size());
  return std::sqrt(variance) * (1 - 3 / std::sqrt(2 * static_cast<double>(dataset.size())));
}

}  // namespace

Task regress() {
  return {.name = "regress",
          .kind = data::TargetKind::numbers,
          .loss = "squared",
          .score = {.name = "rmse",
                    .title = "RMSE",
                    .is_fraction = false,
                    .larger_is_better = false,
                    .sum = squared_errors,
                    .of_mean = [](double mean) { return std::sqrt(mean); }},
          .chooses_by_score = false,
          .predictions = predicted_numbers,
          .judged = predicted_numbers,
          .scores =
              [](const Tensor& targets, const Tensor& predictions, const Rng& rng,
                 const Tensor& weights) {
                return regression_scores(targets, predictions, rng, bootstrap_draws, weights);
              },
          .chance = deviation_of_numbers};
}

}  // namespace gradus::train
