// Claim: local response normalization, which divides each activation by a measure of its neighbour
// channels (Krizhevsky et al. 2012), helps little compared to batch normalization (Ioffe and
// Szegedy 2015), or not at all (Simonyan and Zisserman 2015, §4.1).
#include "apps/lab/experiments/toolbox.hpp"

namespace gradus::lab::local_response_experiment {

// A normalization at the place of its paper: batch norm before the activation, local response norm
// after it.
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
  double beside = 0;  // the effect of local response norm beyond one common factor, in percent
};

Run train(const Scheme& scheme, double rate, const data::Split& split, uint64_t seed,
          const ExperimentOptions& options) {
  Rng weights = weights_rng(seed);
  Sequential model = network(split.train, scheme, weights);
  optim::SGD optimizer(model.parameters(), {.lr = rate, .momentum = 0.9});
  const std::string name = fmt::format("{}, rate {}", scheme.name, rate);
  const int64_t epochs = options.epochs.value_or(options.longer ? 20 : 8);
  Run run{train_classifier(model, optimizer, split, {name, epochs, 32}, seed, options), rate};
  const CallObserver observer([&](Module& module, const Tensor& x, const Tensor& y) {
    if (!dynamic_cast<LocalResponseNorm*>(&module)) return;
    const Tensor factor = sum(x * y) / sum(square(x));
    run.beside = std::max(run.beside, 100 * relative_difference(x * factor, y));
  });
  no_grad([&] { return model(split.test.batch(0, 32).inputs); });
  return run;
}

Verdict verdict(const Table& table) {
  const auto loss = [&](const char* scheme) { return number_at(table, {scheme}, "loss"); };
  const Estimate none = loss("none"), batch = loss("batch");
  const double gain = none.mean - std::min(loss("local, α = 1e-4").mean, loss("local, α = 1").mean);
  Verdict result;
  for (const char* other : {"none", "local, α = 1e-4", "local, α = 1"})
    result.parts.push_back(
        lower(fmt::format("the mean loss is lower with batch norm than with {}", other), batch,
              loss(other), 2));
  result.parts.push_back(
      fact("local response norm lowers it by less than half as much as batch norm",
           gain < (none.mean - batch.mean) / 2,
           fmt::format("by {:.2f} and {:.2f}", gain, none.mean - batch.mean)));
  result.remark = fmt::format(
      "With α = 1e-4 local response norm is the same factor for all activations up to {:.1f} %.",
      number_at(table, {"local, α = 1e-4"}, "beside a factor (%)").mean);
  return result;
}

Report run(const ExperimentOptions& options) {
  const data::Split split = load_data(options, options.small ? 300 : 600);
  Table table{
      "At the best rate; the loss is the mean of all epochs",
      {"normalization", {"rate", 2}, {"loss", 3}, {"accuracy (%)", 2}, {"beside a factor (%)", 2}}};
  Chart losses{"Training", "epoch", "loss", {}, log_y};
  Chart accuracies{"Test", "epoch", "accuracy (%)"};
  for (const Scheme& scheme : schemes) {
    std::vector<Run> best;
    double least = INFINITY;
    for (const double rate : {0.03, 0.1, 0.3, 1.0}) {
      if (options.small && (rate == 0.1 || rate == 1)) continue;
      const auto runs = over_seeds(
          options, 5, [&](uint64_t seed) { return train(scheme, rate, split, seed, options); });
      const double loss = estimate_of(runs, &Run::mean_loss).mean;
      if (best.empty() || loss < least) {
        best = runs;
        least = loss;
      }
    }
    add_row(table, {scheme.name, best[0].rate}, best, &Run::mean_loss, &Run::final_accuracy,
            &Run::beside);
    losses.series.push_back(mean_curve(scheme.name, best, &Run::loss));
    accuracies.series.push_back(mean_curve(scheme.name, best, &Run::accuracy, 100));
  }
  const auto measured = fmt::format("two convolutions, SGD, {} images.", split.train.size());
  return {verdict(table), measured, {table}, {{losses, accuracies}}};
}

}  // namespace gradus::lab::local_response_experiment
