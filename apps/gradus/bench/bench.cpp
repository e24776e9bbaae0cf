// bench_command: gradus bench, which measures the time of training steps, kernels and files.
#include <sys/resource.h>

#include "apps/gradus/bench/kernel_bench.hpp"
#include "apps/gradus/bench/peak.hpp"
#include "apps/gradus/bench/picture_bench.hpp"
#include "apps/gradus/bench/scaling_bench.hpp"
#include "apps/gradus/commands/commands.hpp"
#include "apps/gradus/run/build.hpp"
#include "core/parallel.hpp"
#include "optim/algorithms/optimizers.hpp"
#include "train/step_timing.hpp"

namespace gradus::app {
namespace {

constexpr int64_t kept_batches = 64;

struct BenchConfig {
  TrainConfig train;
  int64_t steps = 100;
  bool kernels = false, scaling = false;
  std::optional<double> min_time;
  std::string out, pictures;
};

// The first batches of the training set, which is repeated if it is too small.
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

double peak_rss_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

Json measure(const BenchConfig& bench) {
  const RunData data = load_data(bench.train);
  const ResolvedConfig config = resolve(bench.train, data);
  const TrainConfig& options = config.options;
  layers::Sequential model = build_model(config.model, Streams(options.seed).weights());
  const auto optimizer = build_optimizer(config, model);
  const std::vector<data::Batch> batches = first_batches(
      data.train, options.batch_size, std::min(kept_batches, bench.steps + train::warmup_steps));

  const std::vector<double> times = train::time_steps(model, *optimizer, batches, bench.steps);
  const double mean = estimate(times).mean;
  const double batch = static_cast<double>(options.batch_size);
  const double flops =
      static_cast<double>(train::flops_per_image(model, config.model.options.input)) * batch;
  const double flops_per_second = flops / mean * 1e3;
  return {{"model", options.model},
          {"batch_size", options.batch_size},
          {"threads", num_threads()},
          {"steps", bench.steps},
          {"ms_per_step", mean},
          {"ms_median", median(times)},
          {"images_per_second", batch / mean * 1e3},
          {"gflops", flops_per_second / 1e9},
          {"fraction_of_peak", flops_per_second / multiply_add_peak()},
          {"peak_rss_mb", peak_rss_mb()}};
}

Options options_of(BenchConfig& config) {
  Options options(
      "bench [--kernels [REGEX] | --scaling [LADDER]] [options]",
      "Measures the time of training steps (forward pass, cross-entropy, zeroing the gradients, "
      "backward pass, update) after 5 warm-up steps, and prints one JSON object. Each multiply-add "
      "of dense and convolution layers, forward and backward, counts as 2 FLOPs.");
  add_data_options(options, config.train.data, config.train.data_dir);
  add_model_options(options, config.train);
  options.group("Steps");
  options.add("optimizer NAME", &config.train.optimizer, "optimizer",
              {.choices = choices(optim::optimizers())});
  options.add("batch-size N", &config.train.batch_size, "samples of a batch",
              {.range = range::count});
  options.add("steps N", &config.steps, "number of steps, with --scaling for each network",
              {.range = range::count});
  options.group("Kernels");
  options.add("kernels", &config.kernels,
              "measure kernels instead: those whose names match REGEX, or all; matrix products and "
              "convolutions are compared with the BLAS, others with a copy of the same size",
              {.only_with = {"min-time", "threads"}});
  options.add("min-time S", &config.min_time,
              "seconds of each of a kernel's measurements, of which the median is printed (default "
              "0.02)",
              {.range = range::positive, .needs = {"kernels"}});
  options.group("Scaling");
  options.add("scaling", &config.scaling,
              "measure networks of growing size with Adam instead: those of LADDER, or of all "
              "ladders; '× per arithmetic' is the growth of the time from the row above divided by "
              "that of the multiply-adds: 1.00 means proportional",
              {.choices = choices(ladders()), .only_with = {"steps", "out", "threads"}});
  options.add("out FILE", &config.out, "SVG file of a chart", {.needs = {"scaling"}});
  options.group("Files");
  options.add("pictures DIR", &config.pictures,
              "measure how many files of this folder are read and scaled to 64×64 in a second "
              "instead, and how many with JPEG decoded at a part of its size",
              {.only_with = {"threads"}});
  options.group("Run");
  add_threads_option(options, config.train.threads);
  options.takes({0, 1, "at most one regular expression or ladder"});
  options.example("gradus bench --data digits --model lenet --steps 50",
                  "measure 50 steps on all cores");
  options.example("gradus bench --kernels 'conv.*forward' --threads 1",
                  "measure convolutions on one core and compare them with matrix products");
  return options;
}

int execute(BenchConfig& config, const CommandLine& words) {
  const Arguments& operands = words.operands;
  if (!operands.empty() && !config.kernels && !config.scaling)
    throw UsageError("unexpected '{}': bench takes an argument only with --kernels or --scaling",
                     operands[0]);
  if (config.train.threads) set_num_threads(static_cast<int>(*config.train.threads));
  const std::string operand = operands.empty() ? "" : operands[0];
  if (config.kernels)
    bench_kernels(operand, config.min_time.value_or(0.02));
  else if (config.scaling)
    bench_scaling(operand, config.steps, config.out);
  else if (!config.pictures.empty())
    print_as_json(bench_pictures(config.pictures));
  else
    print_as_json(measure(config));
  return 0;
}

}  // namespace

Command bench_command() {
  return make_command(options_of, execute);
}

}  // namespace gradus::app
