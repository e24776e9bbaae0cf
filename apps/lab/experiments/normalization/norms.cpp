// Claim: batch normalization suffers where batches are small, since each of them is a poor estimate
// of mean and variance; layer and group normalization, which look at one sample at a time, don't.
// (Ba et al. 2016, figure 6; Ioffe 2017; Wu and He 2018, figure 1.)
#include <gradus.hpp>
#include <map>

#include "apps/lab/draw/run_curves.hpp"
#include "apps/lab/experiment.hpp"
#include "apps/lab/models/classifier.hpp"
#include "apps/lab/models/network.hpp"

namespace gradus::lab::norms_experiment {

constexpr int64_t small_batch = 4;

int64_t epochs_of(const ExperimentOptions& options) {
  return options.epochs.value_or(options.longer ? 20 : 8);
}

// One scheme at one batch size: its row of the table and its curve.
struct Trial {
  std::vector<Cell> row;
  pictures::Series curve;
};

Trial train(const std::string& scheme, const data::Split& split, int64_t batch,
            const ExperimentOptions& options) {
  const int64_t epochs = epochs_of(options);
  const bool judged = scheme == "batch" || scheme == "group" || scheme == "layer";
  double memory = 0;
  const auto runs = over_seeds(options, judged && !options.small ? 5 : 3, [&](uint64_t seed) {
    Rng weights = Rng(seed).fork(0), order = Rng(seed).fork(1);
    const int64_t steps = epochs * (split.train.size() / batch);
    layers::Sequential model = small_network(split.train, scheme, steps, weights);
    memory = step_memory(model, split.train, batch);
    // Adam's rate grows with the root of the batch, as the noise of the gradient falls.
    const double rate = 1e-3 * std::sqrt(static_cast<double>(batch) / small_batch);
    optim::Adam optimizer(model.parameters(), {.lr = rate});
    const std::string name = fmt::format("{}, batch {}, seed {}", scheme, batch, seed);
    return train_classifier(model, optimizer, split, {name, epochs, batch}, order, options);
  });
  return {{scheme, static_cast<double>(batch),
           estimate_of(runs, [](const TrainingRun& run) { return 100 * run.final_accuracy(); }),
           estimate_of(runs, &TrainingRun::final_loss),
           estimate_of(runs, [](const TrainingRun& run) { return 1e3 * run.step_seconds; }),
           memory / 1e6},
          mean_curve(scheme, runs, &TrainingRun::accuracy, 100)};
}

// `at[0]` is the small batch.
Verdict judge(std::map<std::string, Estimate> (&at)[2], int64_t large_batch) {
  Verdict verdict;
  const auto behind = [&](int i, const char* other) {
    return clearly_below(at[i]["batch"], at[i][other]);
  };
  const auto text = [&](int i, const char* scheme) { return to_string(at[i][scheme], 1); };
  verdict.reason = fmt::format(
      "Batch norm reaches {} % at batch {} and {} % at batch {}; group norm {} and {} %, "
      "layer norm {} and {} %.",
      text(0, "batch"), small_batch, text(1, "batch"), large_batch, text(0, "group"),
      text(1, "group"), text(0, "layer"), text(1, "layer"));
  const bool group = behind(0, "group"), layer = behind(0, "layer");
  if (behind(1, "group") || behind(1, "layer") || !(group || layer)) return verdict;
  verdict.outcome = group && layer ? Outcome::holds : Outcome::conditional;
  verdict.condition = fmt::format("the other is {} normalization", group ? "group" : "layer");
  return verdict;
}

std::map<std::string, std::vector<std::string>> schemes_of(const ExperimentOptions& options) {
  if (options.small) return {{"activations", {"batch", "group", "layer"}}};
  return {{"activations", names(layers::normalizations())},
          {"weights", names(layers::weight_normalizations())}};
}

Report run(const ExperimentOptions& options) {
  const data::Split split = load_data(options, options.longer ? 0 : options.small ? 250 : 400);
  const int64_t batches[] = {small_batch, options.batch_size.value_or(32)};
  Report report;
  Table table{"Test accuracy in the last three epochs, the last training loss, costs of a step",
              {"scheme", {"batch", 0}, {"accuracy (%)", 2}, {"loss", 4}, {"ms", 2}, {"MB", 2}}};
  std::map<std::string, Estimate> accuracy[2];
  for (const int i : {0, 1}) {
    report.charts.emplace_back();
    for (const auto& [what, schemes] : schemes_of(options)) {
      const std::string title = fmt::format("Normalized {}, batch {}", what, batches[i]);
      pictures::Chart chart{title, "epoch", "test accuracy (%)", {}};
      for (const std::string& scheme : schemes) {
        const Trial trial = train(scheme, split, batches[i], options);
        table.rows.push_back(trial.row);
        chart.series.push_back(trial.curve);
        accuracy[i][scheme] = trial.row[2].number;
      }
      report.charts[i].push_back(chart);
    }
  }
  report.measured = fmt::format(
      "two convolutions and four dense layers, all but the last normalized, on {} images of {}, "
      "for {} epochs. With more of them batch norm comes closer: what suffers first is speed.",
      split.train.size(), options.data, epochs_of(options));
  report.tables = {table};
  report.verdict = judge(accuracy, batches[1]);
  return report;
}

Experiment make() {
  return {
      .name = "norms",
      .chapter = "Normalization",
      .title = "Every normalization, with large and with tiny batches",
      .claim = "Batch normalization suffers at a batch of 4; layer and group normalization don't.",
      .source = "Ba, Kiros and Hinton 2016, figure 6; Wu and He 2018, figure 1",
      .heeds = {"data", "data-dir", "seeds", "epochs", "batch-size", "limit", "long"},
      .run = run};
}

}  // namespace gradus::lab::norms_experiment
