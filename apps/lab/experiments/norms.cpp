// Claim: batch normalization suffers where batches are small, since each of them is a poor estimate
// of mean and variance; layer and group normalization, which look at one sample at a time, don't.
// (Ba et al. 2016, figure 6; Ioffe 2017; Wu and He 2018, figure 1.)
#include <gradus.hpp>
#include <map>

#include "apps/lab/classifier.hpp"
#include "apps/lab/experiments.hpp"
#include "apps/lab/runs.hpp"

namespace gradus::lab {
namespace {

using namespace gradus::layers;

constexpr int64_t small_batch = 4;

template <class Factory>
std::vector<std::string> names(const Registry<Factory>& registry) {
  std::vector<std::string> result;
  for (const auto& entry : registry.entries()) result.push_back(entry.name);
  return result;
}

AnyModule normalization(const std::string& scheme, const Shape& features, int64_t steps) {
  if (scheme != "batch-renorm") return make_normalization(scheme, features);
  // The paper's limits rise over 40,000 steps; these, over the steps there are.
  const layers::BatchRenormOptions options{
      .momentum = 0.1, .plain_steps = steps / 8, .r_steps = steps / 2, .d_steps = steps / 3};
  if (features.rank() == 3) return BatchRenorm2d(features[0], options);
  return BatchRenorm1d(features[0], options);
}

// Two convolutions and two hidden dense layers, each normalized before its activation: behind a
// dense layer, a batch of 4 has 4 values for each mean.
Sequential network(const std::string& scheme, const data::Dataset& data, int64_t steps, Rng& rng) {
  const std::vector<std::string> of_weights_all = names(weight_normalizations());
  const bool of_weights = std::count(of_weights_all.begin(), of_weights_all.end(), scheme) > 0;
  Shape shape = data.sample_shape();
  require(shape.rank() == 3, "norms", "needs images (C, H, W), got samples {}", shape);
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
  for (int64_t i = 0, inputs = shape.numel(); i < 2; ++i, inputs = 32)
    add(Dense(inputs, 32, rng), {32});
  model.push_back(Dense(32, data.classes(), rng));
  if (of_weights) normalize_weights(model, scheme);
  return model;
}

// One scheme at one batch size: its row of the table, its curve, and what it is judged by.
struct Trial {
  std::vector<Cell> row;
  pictures::Series curve;
  Estimate accuracy;  // in percent
};

Trial train(const std::string& scheme, const data::Split& split, int64_t batch,
            const Settings& settings) {
  const int64_t epochs = settings.epochs.value_or(settings.longer ? 20 : 10);
  double memory = 0;
  const auto runs = over_seeds(settings, settings.longer ? 5 : 3, [&](uint64_t seed) {
    Rng weights = Rng(seed).fork(0), order = Rng(seed).fork(1);
    Sequential model = network(scheme, split.train, epochs * split.train.size() / batch, weights);
    memory = step_memory(model, split.train.batch(0, batch));
    // Adam's rate grows with the root of the batch, as the noise of the gradient falls.
    const double rate = 1e-3 * std::sqrt(static_cast<double>(batch) / small_batch);
    optim::Adam optimizer(model.parameters(), {.lr = rate});
    const std::string name = fmt::format("{}, batch {}, seed {}", scheme, batch, seed);
    return train_classifier(model, optimizer, split, {name, epochs, batch}, order, settings);
  });
  const Estimate accuracy =
      estimate_of(runs, [](const TrainingRun& run) { return 100 * run.final_accuracy(); });
  const Estimate milliseconds =
      estimate_of(runs, [](const TrainingRun& run) { return 1e3 * run.step_seconds; });
  return {{scheme, static_cast<double>(batch), accuracy,
           estimate_of(runs, &TrainingRun::final_loss), milliseconds, memory / 1e6},
          mean_curve(scheme, runs, &TrainingRun::accuracy, 100),
          accuracy};
}

// `at[0]` is the small batch.
Verdict judge(std::map<std::string, Estimate> (&at)[2], int64_t large_batch) {
  Verdict verdict;
  const auto behind = [&](int i, const char* other) {
    return clearly_below(at[i]["batch"], at[i][other]);
  };
  for (const int i : {0, 1})
    verdict.reason += fmt::format(
        "{} {}, batch norm reaches {} %, group norm {} %, layer norm {} %. ",
        i == 0 ? "At batch" : "At", i == 0 ? small_batch : large_batch,
        to_string(at[i]["batch"], 1), to_string(at[i]["group"], 1), to_string(at[i]["layer"], 1));
  const bool group = behind(0, "group"), layer = behind(0, "layer");
  if (behind(1, "group") || behind(1, "layer") || !(group || layer)) return verdict;
  verdict.outcome = group && layer ? Outcome::holds : Outcome::conditional;
  verdict.condition = fmt::format("the other is {} normalization", group ? "group" : "layer");
  return verdict;
}

Report run(const Settings& settings) {
  const data::Split split = load_data(settings, settings.longer ? 0 : 400);
  const int64_t batches[] = {small_batch, settings.batch_size.value_or(32)};
  Report report;
  Table table{"Test accuracy in the last three epochs, the last training loss, costs of a step",
              {"scheme", {"batch", 0}, {"accuracy (%)", 2}, {"loss", 4}, {"ms", 2}, {"MB", 2}}};
  std::map<std::string, Estimate> accuracy[2];
  for (const int i : {0, 1}) {
    std::vector<pictures::Chart> charts;
    const auto chart = [&](const char* what, const std::vector<std::string>& schemes) {
      charts.push_back({fmt::format("Normalized {}, batch {}", what, batches[i]),
                        "epoch",
                        "test accuracy (%)",
                        {}});
      for (const std::string& scheme : schemes) {
        const Trial trial = train(scheme, split, batches[i], settings);
        table.rows.push_back(trial.row);
        charts.back().series.push_back(trial.curve);
        accuracy[i][scheme] = trial.accuracy;
      }
    };
    if (settings.small) {
      chart("activations", {"batch", "group", "layer"});
    } else {
      chart("activations", names(normalizations()));
      chart("weights", names(weight_normalizations()));
    }
    report.charts.push_back(charts);
  }
  report.measured = fmt::format(
      "a network of two convolutions and three dense layers on {} images of {}, at constant rates.",
      split.train.size(), settings.data);
  report.tables = {table};
  report.verdict = judge(accuracy, batches[1]);
  return report;
}

}  // namespace

Experiment norms() {
  return {
      .name = "norms",
      .chapter = "Normalization",
      .title = "Every normalization, with large and with tiny batches",
      .claim = "Batch normalization suffers at a batch of 4; layer and group normalization don't.",
      .source = "Ba, Kiros and Hinton 2016, figure 6; Wu and He 2018, figure 1",
      .heeds = {"data", "data-dir", "seeds", "epochs", "batch-size", "limit", "long"},
      .run = run};
}

}  // namespace gradus::lab
