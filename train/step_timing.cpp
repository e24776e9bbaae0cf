#include "train/step_timing.hpp"

#include "core/ops/loss/loss.hpp"
#include "core/stopwatch.hpp"
#include "layers/summary.hpp"

namespace gradus::train {

std::vector<double> time_steps(layers::Sequential& model, optim::Optimizer& optimizer,
                               const std::vector<data::Batch>& batches, int64_t steps) {
  std::vector<double> milliseconds;
  for (int64_t step = -warmup_steps; step < steps; ++step) {
    const std::size_t index = static_cast<std::size_t>(step + warmup_steps) % batches.size();
    const auto& [images, labels] = batches[index];
    const Stopwatch watch;
    const Tensor loss = cross_entropy(model(images), labels);
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    if (step >= 0) milliseconds.push_back(1e3 * watch.seconds());
  }
  return milliseconds;
}

// The backward pass costs as much as the forward pass for the gradients of the weights, and again
// for those of the inputs, which the first layer doesn't compute.
int64_t flops_per_image(layers::Sequential& model, const Shape& input) {
  int64_t total = 0, first = 0;
  for (const layers::LayerSummary& layer : layers::summarize(model, input)) {
    if (first == 0) first = layer.flops;
    total += 3 * layer.flops;
  }
  return total - first;
}

}  // namespace gradus::train
