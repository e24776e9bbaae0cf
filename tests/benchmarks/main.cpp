// Times operations as ratios to what the machine can do: `benchmark [NAME…]`, all without names.
// No test: a shared machine's times pass or fail nothing.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <functional>
#include <gradus.hpp>
#include <string_view>

using namespace gradus;

namespace {

// The median milliseconds of each of `bodies`, called in turn so that a busy moment hits all.
std::vector<double> milliseconds(const std::vector<std::function<void()>>& bodies) {
  using Clock = std::chrono::steady_clock;
  constexpr int warmup = 5, rounds = 41;
  std::vector<std::vector<double>> times(bodies.size());
  for (int round = -warmup; round < rounds; ++round)
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      const Clock::time_point start = Clock::now();
      bodies[i]();
      if (round >= 0)
        times[i].push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    }
  std::vector<double> medians;
  for (std::vector<double>& row : times) {
    std::nth_element(row.begin(), row.begin() + rounds / 2, row.end());
    medians.push_back(row[rounds / 2]);
  }
  return medians;
}

void copy(const Tensor& from, Tensor& to) {
  const float* source = from.data<float>();
  float* target = to.mutable_data<float>();
  parallel_for(from.numel(), 1 << 16, [&](int64_t begin, int64_t end) {
    std::memcpy(target + begin, source + begin, static_cast<std::size_t>(end - begin) * 4);
  });
}

// Forward and backward of a normalization, in copies of its input.
void normalization(const char* name, const Shape& shape,
                   const std::function<Tensor(const Tensor&)>& normalize) {
  Rng rng(1);
  Tensor x = randn(shape, rng).set_requires_grad();
  const Tensor upstream = randn(shape, rng);
  Tensor target = Tensor::empty(shape);
  const std::vector<double> times = milliseconds({[&] { copy(x, target); },
                                                  [&] {
                                                    x.zero_grad();
                                                    normalize(x).backward(upstream);
                                                  }});
  const double gigabytes = 8e-9 * static_cast<double>(shape.numel());
  fmt::print(
      "{:<14} {:<20} copy {:6.3f} ms ({:5.1f} GB/s)  forward and backward {:6.3f} ms = "
      "{:4.1f} copies\n",
      name, to_string(shape), times[0], gigabytes / times[0] * 1e3, times[1], times[1] / times[0]);
}

void normalizations() {
  const Shape images{128, 32, 28, 28}, features{128, 512};
  for (const char* name : {"batch", "layer", "rms", "group:8", "instance", "lrn"})
    for (const Shape& shape : {images, features}) {
      layers::AnyModule layer = layers::make_normalization(name, shape.without(0));
      if (layer->equation().empty()) continue;
      normalization(name, shape, [&](const Tensor& x) { return layer(x); });
    }
}

// A step over the mlp model's tensors, relative to reading g, θ, m, v and writing θ, m, v as fast
// as a copy of as much memory goes.
void adam() {
  Rng rng(1);
  layers::Sequential model = layers::build("mlp", {.input = {1, 28, 28}, .classes = 10}, rng);
  const int64_t n = model.parameter_count();
  NamedTensors parameters = model.parameters();
  for (auto& [name, parameter] : parameters) parameter.set_grad(randn(parameter.shape(), rng));
  optim::Adam optimizer(parameters);
  const Tensor source = Tensor::ones({2 * n});
  Tensor target = Tensor::empty({2 * n});
  const std::vector<double> times =
      milliseconds({[&] { copy(source, target); }, [&] { optimizer.step(); }});
  const double streams = times[0] * 7 / 4;
  fmt::print(
      "{:<14} {} parameters: step {:.3f} ms, seven streams {:.3f} ms ({:.1f} GB/s) = {:.2f}\n",
      "adam", n, times[1], streams, 28e-6 * static_cast<double>(n) / streams, times[1] / streams);
}

struct Benchmark {
  std::string_view name;
  void (*run)();
};

constexpr Benchmark benchmarks[] = {{"normalization", normalizations}, {"adam", adam}};

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string_view> wanted(argv + 1, argv + argc);
  fmt::print("{} threads\n", num_threads());
  for (const auto& [name, run] : benchmarks)
    if (wanted.empty() || std::find(wanted.begin(), wanted.end(), name) != wanted.end()) run();
}
