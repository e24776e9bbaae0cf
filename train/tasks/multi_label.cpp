// multi_label: the task whose targets are several labels for each sample, each true or false.
#include <cmath>

#include "core/autograd.hpp"
#include "core/ops/activation.hpp"
#include "core/ops/elementwise.hpp"
#include "data/sampling.hpp"
#include "train/task.hpp"

namespace gradus::train {
namespace {

// A label is predicted if its probability is at least ½.
Tensor predicted_labels(const Tensor& outputs, const Loss&, const data::TargetScale&) {
  Tensor result = Tensor::empty(outputs.shape());
  dispatch_floating("predictions", outputs.dtype(), [&]<class T>(T) {
    std::transform(outputs.data<T>(), outputs.data<T>() + outputs.numel(),
                   result.mutable_data<float>(), [](T logit) { return logit >= 0 ? 1.f : 0.f; });
  });
  return result;
}

Tensor label_probabilities(const Tensor& outputs, const Loss&, const data::TargetScale&) {
  return no_grad([&] { return sigmoid(cast(outputs, DType::f64)); });
}

// Of each sample the fraction of its labels that is predicted correctly.
double correct_labels(const Tensor& targets, const Tensor& predictions, const Tensor& weights) {
  const int64_t labels = targets.size(1);
  std::vector<double> correct(static_cast<std::size_t>(targets.size(0)));
  for (int64_t i = 0; i < targets.numel(); ++i)
    correct[static_cast<std::size_t>(i / labels)] +=
        targets.data<float>()[i] == predictions.data<float>()[i];
  return weighted_sum(correct, weights) / static_cast<double>(labels);
}

// The accuracy of predicting for each label what most samples have.
double chance_of_labels(const data::Dataset& dataset) {
  const double n = static_cast<double>(dataset.size());
  const std::vector<int64_t> counts = data::target_counts(dataset);
  double chance = 0;
  for (const int64_t count : counts) {
    const double share = static_cast<double>(count) / n;
    chance += std::max(share, 1 - share) / static_cast<double>(counts.size());
  }
  return chance + 3 * std::sqrt(chance * (1 - chance) / n);
}

}  // namespace

Task multi_label() {
  return {.name = "multi-label",
          .kind = data::TargetKind::labels,
          .loss = "binary",
          .score = {.name = "accuracy",
                    .title = "accuracy of labels",
                    .is_fraction = true,
                    .larger_is_better = true,
                    .sum = correct_labels,
                    .of_mean = [](double mean) { return mean; }},
          .chooses_by_score = false,
          .predictions = predicted_labels,
          .judged = label_probabilities,
          .scores =
              [](const Tensor& targets, const Tensor& probabilities, const Rng& rng,
                 const Tensor& weights) {
                return label_scores(targets, probabilities, rng, bootstrap_draws, weights);
              },
          .chance = chance_of_labels};
}

}  // namespace gradus::train
