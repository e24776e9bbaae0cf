// gradus bench
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <numeric>

#include "apps/gradus/commands.hpp"
#include "apps/gradus/errors.hpp"
#include "apps/gradus/experiment.hpp"
#include "apps/gradus/kernel_bench.hpp"
#include "core/kernels/peak.hpp"
#include "core/parallel.hpp"
#include "layers/summary.hpp"
#include "optim/registry.hpp"

namespace gradus::app {
namespace {

constexpr int64_t warmup_steps = 5;
constexpr int64_t kept_batches = 64;

struct BenchConfig {
  TrainConfig train;
  int64_t steps = 100;
  bool kernels = false;
  double min_time = 0.02;
};

// The first batches of the training set, which starts anew where it is too small.
std::vector<data::Batch> first_batches(const data::Dataset& dataset, int64_t batch_size,
                                       int64_t number) {
  std::vector<data::Batch> batches;
  std::vector<int64_t> indices(static_cast<std::size_t>(batch_size));
  for (int64_t batch = 0; batch < number; ++batch) {
    for (int64_t i = 0; i < batch_size; ++i)
      indices[static_cast<std::size_t>(i)] = (batch * batch_size + i) % dataset.size();
    batches.push_back(dataset.batch(indices));
  }
  return batches;
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

double peak_rss_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

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

Json measure(BenchConfig& config) {
  TrainConfig& train = config.train;
  const RunData data = load_data(train);
  const ModelDescription description = describe_model(train, data.train);
  layers::Sequential model = build_model(description, Streams(train.seed).weights());
  const auto optimizer = build_optimizer(train, model.parameters());
  const std::vector<data::Batch> batches = first_batches(
      data.train, train.batch_size, std::min(kept_batches, config.steps + warmup_steps));

  const std::vector<double> times = time_steps(model, *optimizer, batches, config.steps);
  const double mean =
      std::accumulate(times.begin(), times.end(), 0.0) / static_cast<double>(times.size());
  const double batch = static_cast<double>(train.batch_size);
  const double flops =
      static_cast<double>(flops_per_image(model, description.options.input)) * batch;
  const double flops_per_second = flops / mean * 1e3;
  return {{"model", train.model},
          {"batch_size", train.batch_size},
          {"threads", num_threads()},
          {"steps", config.steps},
          {"ms_per_step", mean},
          {"ms_median", median(times)},
          {"images_per_second", batch / mean * 1e3},
          {"gflops", flops_per_second / 1e9},
          {"fraction_of_peak", flops_per_second / kernels::multiply_add_peak()},
          {"peak_rss_mb", peak_rss_mb()}};
}

Options options_of(BenchConfig& config) {
  Options options("bench [options] | bench --kernels [REGEX] [options]",
                  "Times training steps (forward, cross-entropy, zero the gradients, backward, "
                  "update) after 5 to warm up, and prints one JSON object. Multiply-adds of dense "
                  "and convolution layers count as 2, forward and backward.");
  add_data_options(options, config.train.data, config.train.data_dir);
  add_model_options(options, config.train);
  options.group("Steps");
  options.add("optimizer", "NAME", &config.train.optimizer, "how gradients become steps", count,
              choices(optim::optimizers()));
  options.add("batch-size", "N", &config.train.batch_size, "images a step", count);
  options.add("steps", "N", &config.steps, "steps to time", count);
  options.group("Kernels");
  options.add("kernels", "", &config.kernels,
              "time kernels instead, those whose names REGEX matches or all of them: products and "
              "convolutions beside the BLAS, the others beside a copy of as many bytes");
  options.add("min-time", "S", &config.min_time,
              "seconds of each of a kernel's measurements, whose median counts", positive);
  options.group("Run");
  add_threads_option(options, config.train.threads);
  options.example("gradus bench --data digits --model lenet --steps 50",
                  "time fifty steps on all cores");
  options.example("gradus bench --kernels 'conv.*forward' --threads 1",
                  "how fast a core convolves, beside products of as much work");
  return options;
}

void check_kernels(const Options& options, const Arguments& operands) {
  if (operands.size() > 1)
    throw UsageError(fmt::format("unexpected '{}': --kernels takes one expression", operands[1]));
  for (const std::string& name : options.given())
    if (name != "kernels" && name != "min-time" && name != "threads")
      throw UsageError(fmt::format("--{} doesn't go with --kernels", name));
}

void check_steps(const Options& options, const Arguments& operands) {
  if (!operands.empty())
    throw UsageError(
        fmt::format("unexpected '{}': bench takes one word with --kernels alone", operands[0]));
  if (options.given("min-time")) throw UsageError("--min-time goes with --kernels");
}

int execute(BenchConfig& config, const Options& options, const Arguments& operands) {
  config.kernels ? check_kernels(options, operands) : check_steps(options, operands);
  if (config.train.threads) set_num_threads(static_cast<int>(*config.train.threads));
  if (config.kernels)
    bench_kernels(operands.empty() ? "" : operands[0], config.min_time);
  else
    fmt::print("{}\n", measure(config).dump(2));
  return 0;
}

}  // namespace

Command bench_command() {
  return make_command(options_of, execute);
}

}  // namespace gradus::app
