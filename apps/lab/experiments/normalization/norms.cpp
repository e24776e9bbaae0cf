// Claim: batch normalization suffers where batches are small, since each of them is a poor estimate
// of mean and variance; layer and group normalization, which look at one sample at a time, don't.
// (Ba et al. 2016, figure 6; Ioffe 2017; Wu and He 2018, figure 1.)
#include <gradus.hpp>
#include <map>

#include "apps/lab/draw/run_curves.hpp"
#include "apps/lab/experiment.hpp"
#include "apps/lab/models/classifier.hpp"

namespace gradus::lab::norms_experiment {

using namespace gradus::layers;

constexpr int64_t small_batch = 4;

// Group normalization has 4 groups, as 8 channels have no more to give. Batch renormalization,
// whose limits the paper raises over 40,000 steps, raises them over `steps`.
AnyModule normalization(const std::string& scheme, const Shape& features, int64_t steps) {
  if (scheme == "group") return make_normalization("group:4", features);
  if (scheme != "batch-renorm") return make_normalization(scheme, features);
  const layers::BatchRenormLayerOptions options{
      .momentum = 0.1, .plain_steps = steps / 8, .r_steps = steps / 2, .d_steps = steps / 3};
  if (features.rank() == 3) return BatchRenorm2d(features[0], options);
  return BatchRenorm1d(features[0], options);
}

// A network for images (C, H, W): convolutions of 8 and 16 channels, 3×3, each followed by pooling,
// three hidden dense layers of 32 and the output. `scheme`, one of normalizations() or
// weight_normalizations(), normalizes before the activation of each hidden layer (behind a dense
// one, a batch of 4 has 4 values for a mean), or all weights.
Sequential small_network(const data::Dataset& data, const std::string& scheme, int64_t steps,
                         Rng& rng) {
  const std::vector<std::string> weight_schemes = weight_normalizations().names();
  const bool of_weights =
      std::find(weight_schemes.begin(), weight_schemes.end(), scheme) != weight_schemes.end();
  Shape shape = data.sample_shape();
  require(shape.rank() == 3 && shape[1] >= 10 && shape[2] >= 10, "small_network",
          "needs images (C, H, W) of 10×10 pixels or more, got samples {}", shape);
  Sequential model;
  const auto add = [&](AnyModule layer, const Shape& features) {
    model.push_back(std::move(layer));
    if (!of_weights) model.push_back(normalization(scheme, features, steps));
    model.push_back(ReLU());
    shape = features;
  };
  for (const int64_t channels : {8, 16}) {
    add(Conv2d({.in_channels = shape[0], .out_channels = channels, .kernel = 3}, rng),
        {channels, shape[1] - 2, shape[2] - 2});
    model.push_back(MaxPool2d(2));
    shape = {channels, shape[1] / 2, shape[2] / 2};
  }
  model.push_back(Flatten());
  for (int layer = 0; layer < 3; ++layer) add(Dense(shape.numel(), 32, rng), {32});
  model.push_back(Dense(32, data.classes(), rng));
  if (of_weights) normalize_weights(model, scheme);
  return model;
}

int64_t epochs_of(const ExperimentOptions& options) {
  return options.epochs.value_or(options.longer ? 20 : 8);
}

// The most memory, in bytes, that forward and backward of the data set's first batch take at once
// beyond what was in use before: gradients, what is kept for them, and scratch. The model stays as
// it is.
double step_memory(const Module& model, const data::Dataset& data, int64_t batch_size) {
  require_batch(data, batch_size);
  const data::Batch batch = data.batch(0, batch_size);
  const auto copy = model.clone();
  reset_peak_memory();
  const std::size_t before = memory_stats().in_use;
  cross_entropy((*copy)(batch.inputs), batch.targets).backward();
  return static_cast<double>(memory_stats().peak - before);
}

// One scheme at one batch size: its row of the table and its curve.
struct Trial {
  std::vector<TableCell> row;
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
    Sequential model = small_network(split.train, scheme, steps, weights);
    memory = step_memory(model, split.train, batch);
    // Adam's rate grows with the root of the batch, as the noise of the gradient falls.
    const double rate = 1e-3 * std::sqrt(static_cast<double>(batch) / small_batch);
    optim::Adam optimizer(model.parameters(), {.lr = rate});
    const std::string name = fmt::format("{}, batch {}, seed {}", scheme, batch, seed);
    return train_classifier(model, optimizer, split, {name, epochs, batch}, order, options);
  });
  return {{scheme, static_cast<double>(batch),
           estimate_of(runs, [](const TrainingCurves& run) { return 100 * run.final_accuracy(); }),
           estimate_of(runs, &TrainingCurves::final_loss),
           estimate_of(runs, [](const TrainingCurves& run) { return 1e3 * run.step_seconds; }),
           memory / 1e6},
          mean_curve(scheme, runs, &TrainingCurves::accuracy, 100)};
}

// `at[0]` is the small batch.
Verdict verdict(std::map<std::string, Estimate> (&at)[2], int64_t large_batch) {
  Verdict result;
  const auto behind = [&](int i, const char* other) {
    return clearly_below(at[i]["batch"], at[i][other]);
  };
  const auto text = [&](int i, const char* scheme) { return to_string(at[i][scheme], 1); };
  result.reason = fmt::format(
      "Batch norm reaches {} % at batch {} and {} % at batch {}; group norm {} and {} %, "
      "layer norm {} and {} %.",
      text(0, "batch"), small_batch, text(1, "batch"), large_batch, text(0, "group"),
      text(1, "group"), text(0, "layer"), text(1, "layer"));
  const bool group = behind(0, "group"), layer = behind(0, "layer");
  if (behind(1, "group") || behind(1, "layer") || !(group || layer)) return result;
  result.outcome = group && layer ? Outcome::holds : Outcome::conditional;
  result.condition = fmt::format("the other is {} normalization", group ? "group" : "layer");
  return result;
}

std::map<std::string, std::vector<std::string>> schemes_of(const ExperimentOptions& options) {
  if (options.small) return {{"activations", {"batch", "group", "layer"}}};
  return {{"activations", normalizations().names()}, {"weights", weight_normalizations().names()}};
}

Report run(const ExperimentOptions& options) {
  const int64_t limit = options.small ? 250 : 400;
  const data::Split split = load_data(options, options.longer ? 0 : limit);
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
  report.verdict = verdict(accuracy, batches[1]);
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
