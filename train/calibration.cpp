#include "train/calibration.hpp"

#include <cmath>

#include "core/math.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/loss/loss.hpp"
#include "core/ops/shape.hpp"
#include "data/metrics.hpp"

namespace gradus::train {

double fit_temperature(const Tensor& logits, const Tensor& labels) {
  const NoGrad no_grad;
  const Tensor exact = cast(logits, DType::f64);
  const auto loss = [&](double log_temperature) {
    return cross_entropy(exact * math::exp(-log_temperature), labels).item();
  };
  if (!std::isfinite(loss(0))) return 1;
  // Golden-section search: the loss is convex in 1/T, so it has one minimum in log T.
  const double golden = (std::sqrt(5.0) - 1) / 2;
  double low = math::log(0.05), high = math::log(20.0);
  double left = high - golden * (high - low), right = low + golden * (high - low);
  double left_loss = loss(left), right_loss = loss(right);
  while (high - low > 1e-6) {
    if (left_loss <= right_loss) {
      high = std::exchange(right, left);
      right_loss = left_loss;
      left_loss = loss(left = high - golden * (high - low));
    } else {
      low = std::exchange(left, right);
      left_loss = right_loss;
      right_loss = loss(right = low + golden * (high - low));
    }
  }
  return math::exp((low + high) / 2);
}

std::vector<double> error_bounds(const Tensor& targets, const Tensor& predictions) {
  require(targets.rank() == 2 && targets.shape() == predictions.shape(), "error_bounds",
          "targets and predictions must be (N, D), got {} and {}", targets.shape(),
          predictions.shape());
  const std::vector<double> y = cast(targets, DType::f64).to_vector<double>(),
                            x = cast(predictions, DType::f64).to_vector<double>();
  const auto samples = static_cast<std::size_t>(targets.size(0)),
             numbers = static_cast<std::size_t>(targets.size(1));
  const std::size_t rank = (19 * (samples + 1) + 19) / 20;  // ⌈0.95·(N + 1)⌉
  std::vector<double> result;
  if (rank > samples) return result;
  for (std::size_t number = 0; number < numbers; ++number) {
    std::vector<double> errors;
    for (std::size_t i = number; i < y.size(); i += numbers)
      errors.push_back(std::abs(y[i] - x[i]));
    if (std::ranges::any_of(errors, [](double error) { return std::isnan(error); })) return {};
    std::ranges::nth_element(errors, errors.begin() + static_cast<std::ptrdiff_t>(rank - 1));
    result.push_back(errors[rank - 1]);
  }
  return result;
}

Tensor view_probabilities(layers::Module& model, const data::Dataset& dataset,
                          const data::BatchTransform& transform, int64_t views, const Rng& rng) {
  require(views >= 1, "view_probabilities", "views must be 1 or more, got {}", views);
  const NoGrad no_grad;
  const layers::EvaluationScope evaluation(model);
  Tensor sum;
  for (int64_t view = 0; view < views; ++view) {
    Rng own = rng.fork(static_cast<uint64_t>(view));
    std::vector<Tensor> parts;
    const data::BatchTransform changed = view == 0 ? data::BatchTransform() : transform;
    for (const data::Batch& batch :
         data::Loader(dataset, {.batch_size = 512, .shuffle = false, .transform = changed}, own))
      parts.push_back(data::probabilities(model(batch.inputs)));
    const Tensor all = cat(parts, 0);
    sum = sum.defined() ? sum + all : all;
  }
  return sum / static_cast<double>(views);
}

}  // namespace gradus::train
