#include <doctest/doctest.h>
#include <malloc.h>

#include <gradus.hpp>

#include "tests/layers/network/model_inputs.hpp"

using namespace gradus;

namespace {

// Memory that the process has from the system: the pool's blocks, and the C library's for small
// things.
std::size_t from_the_system() {
  const auto info = mallinfo2();
  return info.arena + info.hblkhd + memory_stats().system_allocations;
}

}  // namespace

TEST_CASE("after the first steps a training step takes nothing from the system") {
  // With several, a thread that comes late to its first loop asks for its own scratch memory late.
  const int threads = num_threads();
  set_num_threads(1);
  Rng rng(1);
  for (const auto& entry : layers::models().entries()) {
    CAPTURE(entry.name);
    const layers::ModelOptions options = layers::options_for(entry.name, {.input = {1, 28, 28}});
    layers::Sequential model = layers::build(entry.name, options, rng);
    optim::Adam optimizer(model.parameters());
    const Tensor inputs = layers::inputs_for(options, 32, rng);
    const auto step = [&] {
      const Tensor outputs = model(inputs).reshape({-1, options.classes});
      const Tensor loss = cross_entropy(outputs, Tensor::zeros({outputs.size(0)}, DType::i64));
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
    };
    for (int i = 0; i < 5; ++i) step();
    const std::size_t before = from_the_system();
    for (int i = 0; i < 10; ++i) step();
    CHECK(from_the_system() == before);
  }
  set_num_threads(threads);
}

TEST_CASE("a training step leaves nothing in use behind it") {
  Rng rng(1);
  layers::Sequential model = layers::build("lenet", {.input = {1, 28, 28}, .classes = 10}, rng);
  const Tensor images = randn({8, 1, 28, 28}, rng);
  const Tensor labels = Tensor::from(std::vector<int64_t>(8, 3), {8});
  const auto step = [&] {
    for (auto& [name, parameter] : model.parameters()) parameter.zero_grad();
    cross_entropy(model(images), labels).backward();
  };
  step();
  const std::size_t before = memory_stats().in_use;
  for (int i = 0; i < 5; ++i) step();
  CHECK(memory_stats().in_use == before);
}
