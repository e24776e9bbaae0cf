// Claim: Adam's means start at 0. Without the correction of this bias its first step is
// (1 − β₁)/√(1 − β₂) times the rate, and training the more unstable, the closer β₂ comes to 1.
// (Kingma and Ba 2015, §6.4 and figure 4.)
#include <gradus.hpp>

#include "apps/lab/draw/run_curves.hpp"
#include "apps/lab/experiment.hpp"
#include "apps/lab/models/classifier.hpp"
#include "apps/lab/models/network.hpp"

namespace gradus::lab::bias_correction_experiment {

constexpr auto log = pictures::Scale::logarithmic;

// The steps, over the rate, for a gradient that is always 1, which asks for steps of the rate.
pictures::Series steps(const std::string& name, const optim::AdamOptions& adam) {
  Tensor x = Tensor::zeros({1}, DType::f64).set_requires_grad();
  x.set_grad(Tensor::ones({1}, DType::f64));
  optim::Adam optimizer({{"x", x}}, adam);
  pictures::Series series{name, {}, {}};
  for (int step = 1; step <= 10000; ++step) {
    const double before = x.item();
    optimizer.step();
    series.x.push_back(step);
    series.y.push_back((before - x.item()) / adam.lr);
  }
  return series;
}

// The training losses in the end, by rates.
struct Trial {
  pictures::Series by_rate;
  std::vector<Estimate> losses = {};
  std::size_t best = 0;  // the index of the least

  double rate() const { return by_rate.x[best]; }
};

Trial train(optim::AdamOptions adam, const std::vector<double>& rates, const data::Split& split,
            const ExperimentOptions& options) {
  Trial trial{{fmt::format("β₂ = {}", adam.beta2), rates, {}}};
  const int64_t epochs = options.epochs.value_or(options.longer ? 100 : 10);
  for (const double rate : rates) {
    adam.lr = rate;
    const auto runs = over_seeds(options, options.small ? 3 : 5, [&](uint64_t seed) {
      Rng weights = Rng(seed).fork(0), order = Rng(seed).fork(1);
      layers::Sequential model = dense_network(split.train, weights);
      optim::Adam optimizer(model.parameters(), adam);
      const std::string name = fmt::format("β₂ {}, rate {}, seed {}", adam.beta2, rate, seed);
      return train_classifier(model, optimizer, split, {name, epochs, 32}, order, options);
    });
    trial.losses.push_back(estimate_of(runs, &TrainingCurves::final_loss));
    trial.by_rate.y.push_back(trial.losses.back().mean);
    if (trial.by_rate.y.back() < trial.by_rate.y[trial.best]) trial.best = trial.losses.size() - 1;
  }
  return trial;
}

Verdict verdict(double beta2, double first_step, const Trial& corrected, const Trial& uncorrected) {
  const Estimate& best = corrected.losses[corrected.best];
  const Estimate& uncorrected_there = uncorrected.losses[corrected.best];
  const Estimate& uncorrected_best = uncorrected.losses[uncorrected.best];
  Verdict result{
      .reason = fmt::format(
          "At β₂ = {} the first step is {:.1f} times the rate without the correction. At {}, the "
          "best rate with it, the loss is {} with and {} without; at {}, the best without, {}.",
          beta2, first_step, corrected.rate(), to_string(best, 2), to_string(uncorrected_there, 2),
          uncorrected.rate(), to_string(uncorrected_best, 2)),
      .condition = "the rate isn't lowered in turn"};
  if (clearly_below(best, uncorrected_there)) result.outcome = Outcome::conditional;
  if (clearly_below(best, uncorrected_best)) result.outcome = Outcome::holds;
  return result;
}

Report run(const ExperimentOptions& options) {
  const data::Split split = load_data(options, options.small ? 400 : 0);
  std::vector<double> betas{0.9, 0.99, 0.999, 0.9999, 0.99999},
      rates{3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2};
  if (options.small) {
    betas = {0.99, 0.9999};
    rates = {3e-4, 3e-3};
  }
  Table table{"Training loss: corrected at the best rate for it, uncorrected there, and at its own",
              {{"β₂", 5},
               {"first step", 2},
               {"rate", 5},
               {"loss", 3},
               {"uncorrected", 3},
               {"its rate", 5},
               {"its loss", 3}}};
  pictures::Chart sizes{
      "Steps for a gradient that is always 1", "step", "size over the rate", {}, log, log};
  pictures::Chart with{"Corrected", "rate", "training loss", {}, log, log}, without = with;
  without.title = "Uncorrected";
  Report report;
  for (const double beta2 : betas) {
    const optim::AdamOptions no_correction{.beta2 = beta2, .bias_correction = false};
    const Trial corrected = train({.beta2 = beta2}, rates, split, options),
                uncorrected = train(no_correction, rates, split, options);
    with.series.push_back(corrected.by_rate);
    without.series.push_back(uncorrected.by_rate);
    sizes.series.push_back(steps(corrected.by_rate.name, no_correction));
    const double first_step = sizes.series.back().y[0];
    table.rows.push_back({beta2, first_step, corrected.rate(), corrected.losses[corrected.best],
                          uncorrected.losses[corrected.best], uncorrected.rate(),
                          uncorrected.losses[uncorrected.best]});
    // The last decides, which is nearest to 1.
    report.verdict = verdict(beta2, first_step, corrected, uncorrected);
  }
  sizes.series.push_back(steps("corrected", {}));
  report.measured =
      fmt::format("32 hidden units, Adam with β₁ = 0.9, {} images of {}, batches of 32.",
                  split.train.size(), options.data);
  report.tables = {table};
  report.charts = {{sizes}, {with, without}};
  return report;
}

Experiment make() {
  return {.name = "bias-correction",
          .chapter = "Optimization",
          .title = "Adam without the correction of its bias",
          .claim =
              "Without the correction of its bias Adam's first steps are too large and "
              "training gets unstable as β₂ comes near 1.",
          .source = "Kingma and Ba 2015, §6.4",
          .heeds = {"data", "data-dir", "seeds", "epochs", "limit", "long"},
          .run = run};
}

}  // namespace gradus::lab::bias_correction_experiment
