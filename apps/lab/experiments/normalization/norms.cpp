// Claim: batch normalization loses accuracy with small batches, because they give poor estimates of
// mean and variance; layer and group normalization, which use one sample at a time, don't.
// (Ba et al. 2016, figure 6; Ioffe 2017; Wu and He 2018, figure 1.)
#include "apps/lab/experiments/toolbox.hpp"

namespace gradus::lab::norms_experiment {

constexpr int64_t small_batch = 4;

// Group normalization has 4 groups, because there are only 8 channels. Batch renormalization raises
// its limits over `steps` instead of the paper's 40,000 steps.
AnyModule normalization(const std::string& scheme, const Shape& features, int64_t steps) {
  if (scheme == "group") return make_normalization("group:4", features);
  if (scheme != "batch-renorm") return make_normalization(scheme, features);
  const BatchRenormLayerOptions options{
      .momentum = 0.1, .plain_steps = steps / 8, .r_steps = steps / 2, .d_steps = steps / 3};
  if (features.rank() == 3) return BatchRenorm2d(features[0], options);
  return BatchRenorm1d(features[0], options);
}

// A network for images (C, H, W): convolutions 3×3 to 8 and 16 channels, each followed by pooling,
// three hidden dense layers of 32 units and the output. `scheme`, one of normalizations() or
// weight_normalizations(), normalizes before the activation of each hidden layer (after a dense
// layer, a batch of 4 gives a mean of 4 values), or normalizes all weights.
Sequential small_network(const data::Dataset& data, const std::string& scheme, int64_t steps,
                         Rng& rng) {
  const bool of_weights = weight_normalizations().contains(scheme);
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

// The peak memory, in bytes, of forward and backward on the data set's first batch, beyond the
// memory in use before: gradients, saved tensors and scratch. The model is not changed.
double step_memory(const Module& model, const data::Dataset& data, int64_t batch_size) {
  require_batch(data, batch_size);
  const data::Batch batch = data.batch(0, batch_size);
  const auto copy = model.clone();
  reset_peak_memory();
  const std::size_t before = memory_stats().in_use;
  cross_entropy((*copy)(batch.inputs), batch.targets).backward();
  return static_cast<double>(memory_stats().peak - before);
}

constexpr std::string_view judged[] = {"batch", "group", "layer"};

// Test accuracies in percent of each seed, by scheme and batch size.
using Accuracies = std::map<std::pair<std::string, int64_t>, std::vector<double>>;

// Trains one scheme with one batch size, for a row of the table and a line of the chart.
void train(const std::string& scheme, const data::Split& split, int64_t batch,
           const ExperimentOptions& options, Table& table, Chart& chart, Accuracies& accuracies) {
  const int64_t epochs = epochs_of(options);
  const bool is_judged = std::ranges::count(judged, scheme) > 0;
  double memory = 0;
  const auto runs = over_seeds(options, is_judged && !options.small ? 8 : 3, [&](uint64_t seed) {
    Rng weights = weights_rng(seed);
    const int64_t steps = epochs * (split.train.size() / batch);
    Sequential model = small_network(split.train, scheme, steps, weights);
    memory = step_memory(model, split.train, batch);
    // Adam's rate grows with the root of the batch, because the noise of the gradient falls.
    const double rate = 1e-3 * std::sqrt(static_cast<double>(batch) / small_batch);
    optim::Adam optimizer(model.parameters(), {.lr = rate});
    const std::string name = fmt::format("{}, batch {}", scheme, batch);
    return train_classifier(model, optimizer, split, {name, epochs, batch}, seed, options);
  });
  add_row(table, {scheme, batch}, runs, &TrainingCurves::final_accuracy,
          &TrainingCurves::final_loss, &TrainingCurves::step_milliseconds);
  table.rows.back().push_back(memory / 1e6);
  for (const TrainingCurves& run : runs)
    accuracies[{scheme, batch}].push_back(run.final_accuracy());
  chart.series.push_back(mean_curve(scheme, runs, &TrainingCurves::accuracy, 100));
}

Verdict verdict(const Accuracies& accuracies, int64_t large) {
  constexpr double margin = 1;  // in percentage points, as all of these
  const auto losses = [&](const char* scheme) {
    const std::vector<double>& few = accuracies.at({scheme, small_batch});
    std::vector<double> result = accuracies.at({scheme, large});
    for (std::size_t i = 0; i < result.size(); ++i) result[i] -= few[i];
    return result;
  };
  const std::vector<double> batch = losses("batch");
  Verdict result{{positive("batch norm loses accuracy", estimate(batch), 1)}};
  for (const char* other : {"group", "layer"}) {
    const Estimate loss = estimate(losses(other));
    result.parts.push_back(negative(fmt::format("{} norm loses less than batch norm", other),
                                    paired_difference(losses(other), batch), 1));
    result.parts.push_back(
        within(fmt::format("{} norm loses less than one percentage point", other), loss,
               {0, 0, loss.runs}, margin, 1));
  }
  result.remark = fmt::format(
      "Losses are in percentage points, from batches of {} to batches of {}.", large, small_batch);
  result.not_tested = "the other schemes of the table; the same rate for both batch sizes";
  return result;
}

std::map<std::string, std::vector<std::string>> schemes_of(const ExperimentOptions& options) {
  if (options.small) return {{"activations", {std::begin(judged), std::end(judged)}}};
  return {{"activations", normalizations().names()}, {"weights", weight_normalizations().names()}};
}

Report run(const ExperimentOptions& options) {
  const int64_t limit = options.small ? 250 : 400;
  const data::Split split = load_data(options, options.longer ? 0 : limit);
  const int64_t batches[] = {small_batch, options.batch_size.value_or(32)};
  std::vector<std::vector<Chart>> charts;
  Accuracies accuracies;
  Table table{"Test accuracy and training loss in the last three epochs, cost of a step",
              {"scheme", {"batch", 0}, {"accuracy (%)", 2}, {"loss", 4}, {"ms", 2}, {"MB", 2}}};
  for (const int64_t batch : batches) {
    charts.emplace_back();
    for (const auto& [what, schemes] : schemes_of(options)) {
      Chart& chart = charts.back().emplace_back(
          Chart{fmt::format("Normalized {}, batch {}", what, batch), "epoch", "test accuracy (%)"});
      for (const std::string& scheme : schemes)
        train(scheme, split, batch, options, table, chart, accuracies);
    }
  }
  const std::string measured = fmt::format(
      "two convolutions and four dense layers, all but the last normalized, on {} images of {}, "
      "for {} epochs. With more epochs batch norm comes closer: small batches first cost speed.",
      split.train.size(), options.data, epochs_of(options));
  return {verdict(accuracies, batches[1]), measured, {table}, charts};
}

}  // namespace gradus::lab::norms_experiment
