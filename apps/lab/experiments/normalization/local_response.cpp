// Claim: local response normalization, which divides each activation by what its neighbour channels
// are like (Krizhevsky et al. 2012), helps little next to batch normalization (Ioffe and Szegedy
// 2015), if at all (Simonyan and Zisserman 2015, §4.1).
#include <gradus.hpp>

#include "apps/lab/draw/run_curves.hpp"
#include "apps/lab/experiment.hpp"
#include "apps/lab/measure/tensor_distance.hpp"
#include "apps/lab/models/classifier.hpp"

namespace gradus::lab::local_response_experiment {

using namespace gradus::layers;

// A normalization where its paper has it: batch norm before the activation, local response norm
// behind it.
struct Scheme {
  std::string name;
  bool batch = false;
  std::optional<LocalResponseNormOptions> local = {};
};
const Scheme schemes[] = {
    {"none"},
    {"local, α = 1e-4", false, LocalResponseNormOptions{.alpha = 1e-4, .k = 2, .mean = false}},
    {"local, α = 1", false, LocalResponseNormOptions{.alpha = 1, .mean = false}},
    {"batch", true}};
enum { none, weak_local, strong_local, batch };  // which of them

Sequential network(const data::Dataset& data, const Scheme& scheme, Rng& rng) {
  Sequential model;
  Shape shape = data.sample_shape();
  for (const int64_t channels : {8, 16}) {
    model.push_back(Conv2d({.in_channels = shape[0], .out_channels = channels, .kernel = 3}, rng));
    if (scheme.batch) model.push_back(BatchNorm2d(channels));
    model.push_back(ReLU());
    if (scheme.local) model.push_back(LocalResponseNorm(*scheme.local));
    model.push_back(MaxPool2d(2));
    shape = {channels, (shape[1] - 2) / 2, (shape[2] - 2) / 2};
  }
  model.push_back(Flatten());
  model.push_back(Dense(shape.numel(), data.classes(), rng));
  return model;
}

struct Run : TrainingCurves {
  double rate;
  double beside = 0;  // what local response norm does beside one factor for all, in percent

  double mean_loss() const { return estimate(loss).mean; }
};

Run train(const Scheme& scheme, double rate, const data::Split& split, uint64_t seed,
          const ExperimentOptions& options) {
  Rng weights = Rng(seed).fork(0), order = Rng(seed).fork(1);
  Sequential model = network(split.train, scheme, weights);
  optim::SGD optimizer(model.parameters(), {.lr = rate, .momentum = 0.9});
  const std::string name = fmt::format("{}, rate {}, seed {}", scheme.name, rate, seed);
  const int64_t epochs = options.epochs.value_or(options.longer ? 20 : 8);
  Run run{train_classifier(model, optimizer, split, {name, epochs, 32}, order, options), rate};
  const CallObserver observer([&](Module& module, const Tensor& x, const Tensor& y) {
    if (!dynamic_cast<LocalResponseNorm*>(&module)) return;
    const Tensor factor = sum(x * y) / sum(square(x));
    run.beside = std::max(run.beside, 100 * relative_difference(x * factor, y));
  });
  no_grad([&] { return model(split.test.batch(0, 32).inputs); });
  return run;
}

// `loss` is the mean of all epochs, `beside` what local response norm does beside one factor for
// all.
Verdict verdict(const std::vector<Estimate>& loss, const std::vector<Estimate>& beside) {
  const double gain = loss[none].mean - std::min(loss[weak_local].mean, loss[strong_local].mean);
  bool holds = gain < (loss[none].mean - loss[batch].mean) / 2;
  for (const int other : {none, weak_local, strong_local})
    holds = holds && clearly_below(loss[batch], loss[other]);
  return {holds ? Outcome::holds : Outcome::fails,
          fmt::format("The mean loss is {} without normalization, {} and {} with local response "
                      "norm, {} with batch norm. With α = 1e-4 it is the same factor for all, but "
                      "for {:.1f} %.",
                      to_string(loss[none], 2), to_string(loss[weak_local], 2),
                      to_string(loss[strong_local], 2), to_string(loss[batch], 2),
                      beside[weak_local].mean)};
}

Report run(const ExperimentOptions& options) {
  const data::Split split = load_data(options, options.small ? 300 : 600);
  Table table{
      "At the best rate; the loss is the mean of all epochs",
      {"normalization", {"rate", 2}, {"loss", 3}, {"accuracy (%)", 2}, {"beside a factor (%)", 2}}};
  pictures::Chart losses{"Training", "epoch", "loss", {}, {}, pictures::Scale::logarithmic};
  pictures::Chart accuracies{"Test", "epoch", "accuracy (%)", {}};
  std::vector<Estimate> loss, beside;
  for (const Scheme& scheme : schemes) {
    std::vector<Run> best;
    loss.emplace_back();
    for (const double rate : {0.03, 0.1, 0.3, 1.0}) {
      if (options.small && (rate == 0.1 || rate == 1)) continue;
      const auto runs = over_seeds(options, options.small ? 3 : 5, [&](uint64_t seed) {
        return train(scheme, rate, split, seed, options);
      });
      const Estimate mean = estimate_of(runs, &Run::mean_loss);
      const bool better = best.empty() || mean.mean < loss.back().mean;
      if (!better) continue;
      best = runs;
      loss.back() = mean;
    }
    beside.push_back(estimate_of(best, &Run::beside));
    const auto accuracy = [](const Run& run) { return 100 * run.final_accuracy(); };
    table.rows.push_back(
        {scheme.name, best[0].rate, loss.back(), estimate_of(best, accuracy), beside.back()});
    losses.series.push_back(mean_curve<Run>(scheme.name, best, &Run::loss));
    accuracies.series.push_back(mean_curve<Run>(scheme.name, best, &Run::accuracy, 100));
  }
  const auto measured = fmt::format("two convolutions, SGD, {} images.", split.train.size());
  return {verdict(loss, beside), measured, {table}, {{losses, accuracies}}};
}

Experiment make() {
  return {.name = "lrn",
          .chapter = "Normalization",
          .title = "Local response normalization beside batch normalization",
          .claim = "Local response normalization helps little next to batch normalization.",
          .source = "Krizhevsky et al. 2012; Ioffe and Szegedy 2015; Simonyan and Zisserman 2015",
          .heeds = {"data", "data-dir", "seeds", "epochs", "limit", "long"},
          .run = run};
}

}  // namespace gradus::lab::local_response_experiment
