// Claim: Adam's running means start at 0. Without correction of this bias its first step is
// (1 − β₁)/√(1 − β₂) times the rate, and training becomes more unstable as β₂ approaches 1.
// (Kingma and Ba 2015, §6.4 and figure 4.)
#include "apps/lab/experiments/toolbox.hpp"

namespace gradus::lab::bias_correction_experiment {

// The steps divided by the rate for a constant gradient of 1; corrected steps equal the rate.
Series steps(const std::string& name, const optim::AdamOptions& adam) {
  Tensor x = Tensor::zeros({1}, DType::f64).set_requires_grad();
  x.set_grad(Tensor::ones({1}, DType::f64));
  optim::Adam optimizer({{"x", x}}, adam);
  Series series{name};
  for (int step = 1; step <= 10000; ++step) {
    const double before = x.item();
    optimizer.step();
    series.add(step, (before - x.item()) / adam.lr);
  }
  return series;
}

// The final training losses by rate.
struct Trial {
  Series by_rate;
  std::vector<Estimate> losses = {};
  std::size_t best = 0;  // index of the lowest loss

  double rate() const { return by_rate.x[best]; }
};

Trial train(optim::AdamOptions adam, const std::vector<double>& rates, const data::Split& split,
            const ExperimentOptions& options) {
  Trial trial{{fmt::format("β₂ = {}", adam.beta2)}};
  const int64_t epochs = options.epochs.value_or(options.longer ? 100 : 10);
  for (const double rate : rates) {
    adam.lr = rate;
    const auto runs = over_seeds(options, options.small ? 3 : 5, [&](uint64_t seed) {
      Rng weights = weights_rng(seed);
      Sequential model = dense_network(split.train, weights);
      optim::Adam optimizer(model.parameters(), adam);
      const std::string name = fmt::format("β₂ {}, rate {}", adam.beta2, rate);
      return train_classifier(model, optimizer, split, {name, epochs}, seed, options);
    });
    trial.losses.push_back(estimate_of(runs, &TrainingCurves::final_loss));
    trial.by_rate.add(rate, trial.losses.back().mean);
    if (trial.by_rate.y.back() < trial.by_rate.y[trial.best]) trial.best = trial.losses.size() - 1;
  }
  return trial;
}

Verdict verdict(double beta2, double first_step, const Trial& corrected, const Trial& uncorrected) {
  const Estimate& best = corrected.losses[corrected.best];
  return {
      {fact(fmt::format("with β₂ = {} and no correction the first step is too large", beta2),
            first_step > 1, fmt::format("{:.1f} times the rate", first_step)),
       higher(fmt::format("at the best rate with correction, {}, the loss is higher without it",
                          corrected.rate()),
              uncorrected.losses[corrected.best], best, 2),
       higher(fmt::format("at the best rate without it, {}, it is higher too", uncorrected.rate()),
              uncorrected.losses[uncorrected.best], best, 2)}};
}

Report run(const ExperimentOptions& options) {
  const data::Split split = load_data(options, options.small ? 400 : 0);
  std::vector<double> betas{0.9, 0.99, 0.999, 0.9999, 0.99999},
      rates{3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2};
  if (options.small) {
    betas = {0.99, 0.9999};
    rates = {3e-4, 3e-3};
  }
  Table table{
      "Training loss: corrected at its best rate, uncorrected there, uncorrected at its best rate",
      {{"β₂", 5},
       {"first step", 2},
       {"rate", 5},
       {"loss", 3},
       {"uncorrected", 3},
       {"its rate", 5},
       {"its loss", 3}}};
  Chart sizes{"Steps for a constant gradient of 1", "step", "size over the rate", {}, log_log};
  Chart with{"Corrected", "rate", "training loss", {}, log_log}, without = with;
  without.title = "Uncorrected";
  Verdict judged;
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
    // The last β₂, nearest to 1, decides.
    judged = verdict(beta2, first_step, corrected, uncorrected);
  }
  sizes.series.push_back(steps("corrected", {}));
  const std::string measured =
      fmt::format("32 hidden units, Adam with β₁ = 0.9, {} images of {}, batches of 32.",
                  split.train.size(), options.data);
  return {judged, measured, {table}, {{sizes}, {with, without}}};
}

}  // namespace gradus::lab::bias_correction_experiment
