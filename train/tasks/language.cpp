// language: the task whose targets are the next tokens of a text.
#include <cmath>
#include <numeric>

#include "core/ops/loss/loss.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "data/metrics.hpp"
#include "data/sampling.hpp"
#include "train/task.hpp"

namespace gradus::train {
namespace {

// (N, T, K) → (N·T, K)
Tensor as_rows(const Tensor& outputs) {
  return reshape(outputs, {outputs.size(0) * outputs.size(1), outputs.size(2)});
}

Tensor predicted_tokens(const Tensor& outputs, const Loss&, const data::TargetScale&) {
  return reshape(data::predictions(as_rows(outputs)), {outputs.size(0), outputs.size(1)});
}

Tensor token_probabilities(const Tensor& outputs, const Loss&, const data::TargetScale&) {
  return reshape(data::probabilities(as_rows(outputs)), outputs.shape());
}

// What is said of the targets of a window.
struct WindowMeasures {
  double nats = 0, scored = 0, characters = 0, correct = 0;
};

Tensor measured_windows(const Tensor& outputs, const Tensor& targets,
                        const data::Dataset& dataset) {
  const int64_t windows = targets.size(0), length = targets.size(1);
  const Tensor losses =
      cross_entropy(as_rows(outputs), reshape(targets, {windows * length}),
                    {.reduction = Reduction::none, .ignore_index = data::not_scored});
  const Tensor predicted = predicted_tokens(outputs, {}, {});
  const std::vector<int64_t>& characters = dataset.token_lengths();
  Tensor result = Tensor::empty({windows, token_measures}, DType::f64);
  double* row = result.mutable_data<double>();
  for (int64_t window = 0; window < windows; ++window) {
    WindowMeasures sum;
    for (int64_t i = window * length; i < (window + 1) * length; ++i) {
      const int64_t target = targets.data<int64_t>()[i];
      if (target == data::not_scored) continue;
      sum.nats += static_cast<double>(losses.data<float>()[i]);
      sum.scored += 1;
      sum.characters += static_cast<double>(characters[static_cast<std::size_t>(target)]);
      sum.correct += predicted.data<int64_t>()[i] == target;
    }
    for (const double value : {sum.nats, sum.scored, sum.characters, sum.correct}) *row++ = value;
  }
  return result;
}

// The fraction of the targets of each window that is predicted.
double predicted_part(const Tensor& targets, const Tensor& predictions, const Tensor& weights) {
  const int64_t length = targets.size(1);
  std::vector<double> parts;
  for (int64_t window = 0; window < targets.size(0); ++window) {
    double scored = 0, correct = 0;
    for (int64_t i = window * length; i < (window + 1) * length; ++i) {
      const int64_t target = targets.data<int64_t>()[i];
      scored += target != data::not_scored;
      correct += target == predictions.data<int64_t>()[i];
    }
    parts.push_back(correct / scored);
  }
  return weighted_sum(parts, weights);
}

// The accuracy of the most frequent token.
double chance_of_tokens(const data::Dataset& dataset) {
  const std::vector<int64_t> counts = data::target_counts(dataset);
  const auto n = static_cast<double>(std::accumulate(counts.begin(), counts.end(), int64_t{0}));
  const double share = static_cast<double>(std::ranges::max(counts)) / n;
  return share + 3 * std::sqrt(share * (1 - share) / n);
}

}  // namespace

Task language() {
  return {.name = "language",
          .kind = data::TargetKind::tokens,
          .loss = "cross-entropy",
          .score = {.name = "accuracy",
                    .title = "accuracy",
                    .is_fraction = true,
                    .larger_is_better = true,
                    .sum = predicted_part,
                    .of_mean = [](double mean) { return mean; }},
          .chooses_by_score = false,
          .predictions = predicted_tokens,
          .judged = token_probabilities,
          .measured = measured_windows,
          .scores = [](const Tensor&, const Tensor& measured, const Rng& rng,
                       const Tensor&) { return token_scores(measured, rng); },
          .chance = chance_of_tokens};
}

}  // namespace gradus::train
