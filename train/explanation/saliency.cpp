#include "train/explanation/saliency.hpp"

#include <cmath>

#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "train/explanation/chosen_scores.hpp"

namespace gradus::train {
namespace {

// ∂S_c/∂x of each sample; the model must be in evaluation mode.
Tensor score_gradient(const char* operation, layers::Module& model, const Tensor& inputs,
                      const Tensor& classes) {
  return detail::in_parts(inputs.size(0), [&](int64_t first, int64_t count) {
    const GradMode recording(true);
    const Tensor x = detail::as_leaf(row_view(inputs, first, count));
    const Tensor part = row_view(classes, first, count);
    const Tensor scores = detail::chosen_scores(operation, model(x), part);
    if (!scores.requires_grad()) return Tensor::zeros(x.shape(), x.dtype());
    const Tensor gradient = grad({sum(scores)}, {x}, {.allow_unused = true})[0];
    return gradient.defined() ? gradient : Tensor::zeros(x.shape(), x.dtype());
  });
}

// The largest minus the smallest value of each sample (N, …) → (N, 1, …).
Tensor ranges_of(const Tensor& inputs) {
  Dims dims;
  for (int dim = 1; dim < inputs.rank(); ++dim) dims.push_back(dim);
  return amax(inputs, dims, true) - amin(inputs, dims, true);
}

}  // namespace

Tensor saliency(layers::Module& model, const Tensor& inputs, const Tensor& classes,
                const SaliencyOptions& options) {
  constexpr const char* operation = "saliency";
  detail::require_samples(operation, inputs, classes);
  require(options.copies >= 0, operation, "copies must be 0 or more, got {}", options.copies);
  require(options.noise >= 0 && std::isfinite(options.noise), operation,
          "noise must be 0 or more and finite, got {}", options.noise);
  const layers::EvaluationScope evaluation(model);
  Tensor gradient;
  if (options.copies == 0) {
    gradient = score_gradient(operation, model, inputs, classes);
  } else {
    const Tensor deviations = ranges_of(inputs) * options.noise;
    gradient = Tensor::zeros(inputs.shape(), inputs.dtype());
    for (int64_t copy = 0; copy < options.copies; ++copy) {
      Rng rng = options.rng.fork(static_cast<uint64_t>(copy));
      const Tensor noisy = inputs + deviations * randn(inputs.shape(), rng, inputs.dtype());
      add_in_place(gradient, score_gradient(operation, model, noisy, classes));
    }
    gradient = gradient / static_cast<double>(options.copies);
  }
  return inputs.rank() == 4 ? amax(abs(gradient), {1}) : abs(gradient);
}

Tensor integrated_gradients(layers::Module& model, const Tensor& inputs, const Tensor& classes,
                            const IntegratedGradientsOptions& options) {
  constexpr const char* operation = "integrated_gradients";
  detail::require_samples(operation, inputs, classes);
  require(options.steps >= 1, operation, "steps must be 1 or more, got {}", options.steps);
  const Tensor baseline = options.baseline.defined()
                              ? options.baseline.detach()
                              : Tensor::zeros(inputs.shape(), inputs.dtype());
  require(baseline.dtype() == inputs.dtype() &&
              (baseline.shape() == inputs.shape() || baseline.shape() == inputs.shape().without(0)),
          operation, "the baseline must be {} {} or {}, got {} {}", to_string(inputs.dtype()),
          inputs.shape(), inputs.shape().without(0), to_string(baseline.dtype()), baseline.shape());
  const layers::EvaluationScope evaluation(model);
  const Tensor way = inputs - baseline;
  Tensor gradients = Tensor::zeros(inputs.shape(), inputs.dtype());
  for (int64_t step = 0; step < options.steps; ++step) {
    const double place = (static_cast<double>(step) + 0.5) / static_cast<double>(options.steps);
    add_in_place(gradients, score_gradient(operation, model, baseline + way * place, classes));
  }
  return way * gradients / static_cast<double>(options.steps);
}

}  // namespace gradus::train
