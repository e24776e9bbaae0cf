// classify: the task whose targets are classes.
#include <cmath>

#include "data/metrics.hpp"
#include "data/sampling.hpp"
#include "train/task.hpp"

namespace gradus::train {
namespace {

Tensor predicted_classes(const Tensor& outputs, const Loss&, const data::TargetScale&) {
  return data::predictions(outputs);
}

Tensor class_probabilities(const Tensor& outputs, const Loss&, const data::TargetScale&) {
  return data::probabilities(outputs);
}

double correct_classes(const Tensor& targets, const Tensor& predictions, const Tensor& weights) {
  if (!weights.defined()) return static_cast<double>(data::count_correct(targets, predictions));
  std::vector<double> correct;
  for (int64_t i = 0; i < targets.numel(); ++i)
    correct.push_back(targets.data<int64_t>()[i] == predictions.data<int64_t>()[i]);
  return weighted_sum(correct, weights);
}

// The accuracy of the most frequent class.
double chance_of_classes(const data::Dataset& dataset) {
  const double n = static_cast<double>(dataset.size());
  const double share = static_cast<double>(std::ranges::max(data::target_counts(dataset))) / n;
  return share + 3 * std::sqrt(share * (1 - share) / n);
}

}  // namespace

Task classify() {
  return {.name = "classify",
          .kind = data::TargetKind::classes,
          .loss = "cross-entropy",
          .score = {.name = "accuracy",
                    .title = "accuracy",
                    .is_fraction = true,
                    .larger_is_better = true,
                    .sum = correct_classes,
                    .of_mean = [](double mean) { return mean; }},
          .chooses_by_score = true,
          .predictions = predicted_classes,
          .judged = class_probabilities,
          .scores =
              [](const Tensor& targets, const Tensor& probabilities, const Rng& rng,
                 const Tensor& weights) {
                return classification_scores(targets, probabilities, rng, bootstrap_draws, weights);
              },
          .chance = chance_of_classes};
}

}  // namespace gradus::train
