#include "layers/attention/sequence_layers.hpp"

#include "core/ops/attention/positions.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "core/pair.hpp"
#include "core/step_memory.hpp"

namespace gradus::layers {
namespace {

constexpr double deviation = 0.02;  // as in GPT-2

void require_sequence(const char* layer, const Tensor& x) {
  require(x.rank() == 3, layer, "needs sequences (N, L, width), got {}", x.shape());
}

}  // namespace

LearnedPositions::LearnedPositions(int64_t length, int64_t width, Rng& rng) {
  require_positive("learned_positions", "length", length);
  require_positive("learned_positions", "width", width);
  weight = Parameter(deviation * randn({length, width}, rng));
}

Tensor LearnedPositions::at(const Tensor& x, int64_t offset) const {
  require_sequence("learned_positions", x);
  require(x.size(2) == weight.size(1) && offset >= 0 && offset + x.size(1) <= weight.size(0),
          "learned_positions", "there are {} places of width {}, got {} from place {} on",
          weight.size(0), weight.size(1), x.shape(), offset);
  if (x.size(1) == 0) return x;
  return x + slice(weight, 0, offset, offset + x.size(1));
}

Tensor LearnedPositions::forward_next(const Tensor& x, StepMemory& memory) {
  return at(x, memory.length());
}

std::string LearnedPositions::description() const {
  return fmt::format("LearnedPositions({}, {})", weight.size(0), weight.size(1));
}

Tensor SinusoidalPositions::at(const Tensor& x, int64_t offset) const {
  require_sequence("sinusoidal_positions", x);
  require(offset >= 0, "sinusoidal_positions", "the place must be 0 or more, got {}", offset);
  const int64_t end = offset + x.size(1);
  if (x.size(1) == 0) return x;
  return x + slice(sinusoidal_positions(end, x.size(2), x.dtype()), 0, offset, end);
}

Tensor SinusoidalPositions::forward_next(const Tensor& x, StepMemory& memory) {
  return at(x, memory.length());
}

ImagePatches::ImagePatches(int64_t size) : size_(size) {
  require_positive("patches", "size", size);
}

Tensor ImagePatches::forward(const Tensor& x) {
  require(x.rank() == 4 && x.size(2) % size_ == 0 && x.size(3) % size_ == 0, "patches",
          "needs images (N, C, H, W) whose sides {} divides, got {}", size_, x.shape());
  const int64_t down = x.size(2) / size_, across = x.size(3) / size_, channels = x.size(1);
  const Tensor apart = reshape(x, {x.size(0), channels, down, size_, across, size_});
  return reshape(permute(apart, {0, 2, 4, 1, 3, 5}),
                 {x.size(0), down * across, channels * size_ * size_});
}

Tensor MeanOfSteps::forward(const Tensor& x) {
  require_sequence("mean_of_steps", x);
  require(x.size(1) > 0, "mean_of_steps", "needs one step or more, got {}", x.shape());
  return mean(x, {1});
}

Tensor MeanOfSteps::forward_next(const Tensor& /*x*/, StepMemory& /*memory*/) {
  throw std::logic_error("[mean_of_steps] the mean over the steps can't continue a sequence");
}

}  // namespace gradus::layers
