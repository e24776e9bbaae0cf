#include "layers/attention/step_memory.hpp"

namespace gradus::layers {

Tensor next_steps(Module& network, const Tensor& x, StepMemory& memory) {
  require(x.rank() >= 2, "next_steps", "x must be (N, L, …), got {}", x.shape());
  require(memory.length() + x.size(1) <= memory.capacity(), "next_steps",
          "the memory has room for {} steps, got {} after {}", memory.capacity(), x.size(1),
          memory.length());
  const auto scope = network.evaluation_scope();
  const Tensor y = network.forward_next(x, memory);
  memory.advance(x.size(1));
  return y;
}

}  // namespace gradus::layers
