#include "apps/gradus/step_timing.hpp"

#include <algorithm>
#include <chrono>

#include "core/ops/loss.hpp"
#include "layers/summary.hpp"

namespace gradus::app {

std::vector<double> time_steps(layers::Sequential& model, optim::Optimizer& optimizer,
                               const std::vector<data::Batch>& batches, int64_t steps) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> milliseconds;
  for (int64_t step = -warmup_steps; step < steps; ++step) {
    const std::size_t index = static_cast<std::size_t>(step + warmup_steps) % batches.size();
    const auto& [images, labels] = batches[index];
    const Clock::time_point start = Clock::now();
    const Tensor loss = cross_entropy(model(images), labels);
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    if (step >= 0)
      milliseconds.push_back(
          std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  }
  return milliseconds;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

// Backward takes as much again for the weights and as much for the inputs, of which the first
// layer's are data and need no gradient.
int64_t flops_per_image(layers::Sequential& model, const Shape& input) {
  int64_t total = 0, first = 0;
  for (const layers::LayerSummary& layer : layers::summarize(model, input)) {
    if (first == 0) first = layer.flops;
    total += 3 * layer.flops;
  }
  return total - first;
}

}  // namespace gradus::app
