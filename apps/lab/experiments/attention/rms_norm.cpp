// Claim: RMS norm trains a transformer as well as layer norm and takes less time. (Zhang and
// Sennrich 2019.)
#include <map>

#include "apps/lab/experiments/toolbox.hpp"
#include "apps/lab/measure/timing.hpp"
#include "apps/lab/models/language_model.hpp"

namespace gradus::lab::rms_norm_experiment {

constexpr int64_t width = 32, layers = 8, batch = 8, length = 32, values = 1 << 18;
constexpr double rate = 0.01;

LanguageModel make_model(const std::string& norm, uint64_t seed) {
  Rng rng = weights_rng(seed);
  return {layers,
          {.width = width, .heads = 2, .hidden = 2 * width, .norm_first = true, .norm = norm},
          rng};
}

struct Run {
  std::vector<double> loss;  // on the test text, after each tenth of the steps

  double last() const { return loss.back(); }
};

Run train(const std::string& norm, int64_t steps, uint64_t seed, const ExperimentOptions& options) {
  LanguageModel model = make_model(norm, seed);
  optim::Adam optimizer(model.parameters(), {.lr = rate});
  StoryTraining training{fmt::format("norm {}", norm), steps, batch};
  training.test_every = steps / 10;
  return {train_on_stories(model, optimizer, stories(length, seed), training, seed, options)};
}

// Forward and backward of layer norm and of RMS norm.
TwoTimes norm_times(int64_t features, uint64_t seed) {
  Rng rng(seed);
  const Shape shape{values / features, features};
  const Tensor x = randn(shape, rng).set_requires_grad(), gradient = randn(shape, rng);
  LayerNorm layer({features});
  RMSNorm rms({features});
  return seconds_in_turns(
      100, [&] { layer(x).backward(gradient); }, [&] { rms(x).backward(gradient); });
}

// A step of training with layer norm and with RMS norm.
TwoTimes step_times(uint64_t seed) {
  LanguageModel layer = make_model("layer", seed), rms = make_model("rms", seed);
  optim::Adam layer_optimizer(layer.parameters()), rms_optimizer(rms.parameters());
  Rng rng(seed);
  const TokenBatch data = draw_pieces(stories(length, seed).text, batch, length, rng);
  return seconds_in_turns(
      50, [&] { train_step(layer, layer_optimizer, data); },
      [&] { train_step(rms, rms_optimizer, data); });
}

// Adds a row of times in milliseconds, and the part that RMS norm takes less.
void judge(const std::string& what, const std::vector<TwoTimes>& times, Table& table,
           Verdict& verdict) {
  const auto saved = [](const TwoTimes& one) { return 100 * (1 - one.second / one.first); };
  add_row(
      table, {what}, times, [](const TwoTimes& one) { return 1e3 * one.first; },
      [](const TwoTimes& one) { return 1e3 * one.second; }, saved);
  verdict.parts.push_back(positive(what + ": time is saved (%)", estimate_of(times, saved), 1));
}

Report run(const ExperimentOptions& options) {
  const int64_t steps = options.longer ? 1000 : options.small ? 100 : 200;
  const int64_t seeds = options.small ? 3 : 8;
  Table training{"Loss on the test text after training (nats a character)", {"norm", {"loss", 3}}};
  Chart losses{"Training", "tenth of the training", "loss (nats a character)"};
  std::map<std::string, std::vector<double>> ends;
  for (const std::string norm : {"layer", "rms", "none"}) {
    const auto runs = over_seeds(options, seeds,
                                 [&](uint64_t seed) { return train(norm, steps, seed, options); });
    add_row(training, {norm}, runs, &Run::last);
    add_or_join(losses, mean_curve(norm, runs, &Run::loss));
    for (const Run& run : runs) ends[norm].push_back(run.last());
  }
  constexpr double margin = 0.05;  // nats
  const Estimate difference = paired_difference(ends["rms"], ends["layer"]);
  Verdict verdict{{within(fmt::format("RMS norm ends less than {} above layer norm", margin),
                          difference, {0, 0, difference.runs}, margin, 3),
                   negative("RMS norm ends lower than no norm",
                            paired_difference(ends["rms"], ends["none"]), 3)}};

  Table cost{"Time, forward and backward (ms)",
             {"of", {"layer norm", 3}, {"RMS norm", 3}, {"saved (%)", 1}}};
  const auto measure = [&](const std::string& what, auto times) {
    options.report("time of " + what);
    judge(what, over_seeds(options, seeds, times), cost, verdict);
  };
  for (const int64_t features : {32, 256, 2048})
    measure(fmt::format("the norm of {} features", features),
            [&](uint64_t seed) { return norm_times(features, seed); });
  measure("a step of this training", step_times);
  verdict.not_tested = "machines on which memory, not arithmetic, limits a norm";
  return {verdict,
          fmt::format("a pre-norm transformer of width {} and {} layers that predicts the "
                      "characters of generated stories, {} steps of Adam at rate {}; norms alone "
                      "of {} values. Times are medians, and both norms take turns.",
                      width, layers, steps, rate, values),
          {training, cost},
          {{losses}}};
}

}  // namespace gradus::lab::rms_norm_experiment
