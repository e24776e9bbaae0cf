// Claim: the noise of mini-batches keeps weights at a distance from the minimum that shrinks with
// the rate; so a falling rate reaches a lower loss than the best constant rate (Robbins and Monro
// 1951). With one-cycle MNIST reaches 99 % in one epoch (Smith and Topin 2018: --data mnist
// --long).
#include "apps/lab/experiments/toolbox.hpp"

namespace gradus::lab::falling_rates_experiment {

// A network that reaches 99 % on MNIST in one epoch.
Sequential fast_network(const data::Dataset& data, Rng& rng) {
  return network(
      "conv 24 5x5, relu, maxpool 2, conv 32 3x3, relu, maxpool 2, dense 256, relu, dense classes",
      data, rng);
}

// The schedules and the settings that each is trained with.
struct Setup {
  std::vector<std::string> schedules;
  std::vector<double> rates;
  int64_t epochs, batch, steps_per_epoch = 0;
};

Setup setup_of(const ExperimentOptions& options, int64_t samples) {
  Setup setup{optim::schedules().names(), {0.001, 0.002, 0.005, 0.01, 0.02}, 8, 16};
  if (options.small || options.longer) setup.schedules = {"constant", "cosine", "one-cycle"};
  if (options.small) setup.rates = {0.002, 0.01};
  if (options.longer) setup = {setup.schedules, {0.001, 0.003, 0.01}, 1, 256};
  setup.epochs = options.epochs.value_or(setup.epochs);
  setup.batch = options.batch_size.value_or(setup.batch);
  setup.steps_per_epoch = std::max<int64_t>(1, samples / setup.batch);
  return setup;
}

// A schedule at its best rate.
struct Trial {
  double rate = 0;
  Estimate error = {}, accuracy = {};  // the judged number; test accuracy in percent
  Series by_rate;                      // means of the judged number
};

Trial train(const std::string& name, const Setup& setup, const data::Split& split,
            const ExperimentOptions& options) {
  Trial best{.by_rate = {name}};
  for (const double rate : setup.rates) {
    const auto runs =
        over_seeds(options, options.small || options.longer ? 3 : 8, [&](uint64_t seed) {
          Rng weights = weights_rng(seed);
          auto model = (options.longer ? fast_network : dense_network)(split.train, weights);
          optim::Adam optimizer(model.parameters(), {.lr = rate, .beta1 = 0.7, .beta2 = 0.9});
          TrainingOptions training{fmt::format("{}, rate {}", name, rate), setup.epochs,
                                   setup.batch};
          training.schedule =
              optim::make_schedule(name, rate, setup.epochs * setup.steps_per_epoch);
          return train_classifier(model, optimizer, split, training, seed, options);
        });
    const Estimate error = estimate_of(
        runs, options.longer ? &TrainingCurves::last_error : &TrainingCurves::last_loss);
    best.by_rate.add(rate, error.mean);
    if (best.rate == 0 || error.mean < best.error.mean)
      best = {rate, error, estimate_of(runs, &TrainingCurves::last_accuracy), best.by_rate};
  }
  return best;
}

// Judges every schedule but the constant one; `longer` is the training of MNIST.
Verdict verdict(std::map<std::string, Trial>& trials, const std::string& what, bool longer) {
  Verdict result;
  for (const auto& [name, trial] : trials)
    if (name != "constant")
      result.parts.push_back(lower(fmt::format("{}: the {} is lower than with the best constant "
                                               "rate",
                                               name, what),
                                   trial.error, trials["constant"].error, 3));
  const std::string fast = "one-cycle reaches 99 % on MNIST in one epoch";
  const double accuracy = trials["one-cycle"].accuracy.mean;
  result.parts.push_back(longer ? fact(fast, accuracy >= 99, fmt::format("{:.2f} %", accuracy))
                                : Part{fast, Finding::not_judged, "--data mnist --long does"});
  return result;
}

Report run(const ExperimentOptions& options) {
  const data::Split split = load_data(options);
  const Setup setup = setup_of(options, split.train.size());
  const char* const what = options.longer ? "test error (%)" : "training loss of the last epoch";
  Table table{"Each schedule at its best rate",
              {"schedule", {"rate", 4}, {what, 4}, {"test accuracy (%)", 2}}};
  std::vector<Chart> charts{{"By rate", "largest rate", what, {}, log_log}};
  std::map<std::string, Trial> trials;
  for (const std::string& name : setup.schedules) {
    const Trial& trial = trials[name] = train(name, setup, split, options);
    table.rows.push_back({name, trial.rate, trial.error, trial.accuracy});
    for (auto drawn : {"constant", "step", "exponential", "polynomial", "cosine", "one-cycle"})
      if (name == drawn) charts[0].series.push_back(trial.by_rate);
    const auto schedule = optim::make_schedule(name, 1, setup.epochs * setup.steps_per_epoch);
    const auto curve = rate_curve("rate", schedule, setup.epochs, setup.steps_per_epoch);
    charts.push_back({name, "step", "rate over its largest", {curve}});
  }
  const std::string measured = fmt::format(
      "{}, Adam, {} images of {}, batches of {}, epochs: {}; each schedule with the "
      "best of {} rates.",
      options.longer ? "a small convolutional network" : "32 hidden units", split.train.size(),
      options.data, setup.batch, setup.epochs, setup.rates.size());
  return {verdict(trials, what, options.longer), measured, {table}, in_rows(charts, 3)};
}

}  // namespace gradus::lab::falling_rates_experiment
