// Claim: the gradient of a batch of B samples has the same mean and 1/B of the variance. With k
// times the batch, k times the rate after a warm-up keeps the loss of SGD after the same number of
// epochs (Goyal et al. 2017), √k times the rate that of Adam (Malladi et al. 2022).
#include "apps/lab/experiments/toolbox.hpp"
#include "core/math.hpp"

namespace gradus::lab::batch_size_experiment {

constexpr double start = 8;  // the batch that the others are compared with

struct Rule {
  const char* name;
  double exponent;  // of k in the rate
  int64_t warmup_epochs = 3;
};
const Rule rules[] = {{"×1", 0}, {"×√k", 0.5}, {"×k", 1}, {"×k, no warm-up", 1, 0}};
enum { constant, root, linear };  // the compared rules

struct Method {
  const char *name, *optimizer;
  double rate;        // the best one for the first batch size
  std::size_t right;  // index of the claimed rule
};
const Method methods[] = {{"SGD, momentum", "momentum", 0.005, linear},
                          {"Adam", "adam", 0.002, root}};

// The distance of the gradients gᵢ of batches from g, that of all samples: of the cross-entropy
// with respect to the first parameter.
struct GradientNoise {
  double variance;  // mean of ‖gᵢ − g‖²/‖g‖²
  double bias;      // ‖mean of gᵢ − g‖/‖g‖
  double chance;    // the bias that chance alone gives: √(variance/batches)
};

// Measures `batches` batches of samples drawn independently from all, with replacement.
GradientNoise gradient_noise(Module& model, const data::Dataset& data, int64_t size, int batches,
                             Rng& rng) {
  const Tensor weights = model.parameters()[0].second;
  const auto gradient = [&](const data::Batch& batch) {
    return grad({cross_entropy(model(batch.inputs), batch.targets)}, {weights})[0];
  };
  const Tensor whole = gradient(data.batch(0, data.size()));
  Tensor total = Tensor::zeros(whole.shape());
  double variance = 0;
  for (int i = 0; i < batches; ++i) {
    std::vector<int64_t> indices(static_cast<std::size_t>(size));
    for (int64_t& index : indices) index = rng.below(data.size());
    const Tensor one = gradient(data.batch(indices));
    add_in_place(total, one);
    variance += math::pow(relative_difference(one, whole), 2) / batches;
  }
  return {variance, relative_difference(total / batches, whole), std::sqrt(variance / batches)};
}

// Judges variance and mean, at the initial weights.
void measure_gradients(const data::Dataset& data, const ExperimentOptions& options,
                       Report& report) {
  Table table{"Gradients of 400 batches, relative to that of all samples",
              {{"batch", 0}, "variance", "variance × batch", "error of their mean", "by chance"}};
  Series variances{"variance"};
  Rng rng(options.seed);
  Sequential model = dense_network(data, rng);
  double bias_by_chance = 0, deviation = 0;  // the largest ones
  for (const double batch : {1, 4, 16, 64, 256}) {
    options.report(fmt::format("gradients, batch {}", batch));
    const auto [variance, bias, chance] =
        gradient_noise(model, data, static_cast<int64_t>(batch), 400, rng);
    table.rows.push_back({batch, variance, variance * batch, bias, chance});
    variances.add(batch, variance);
    bias_by_chance = std::max(bias_by_chance, bias / chance);
    deviation = std::max(deviation, std::abs(variance * batch / variances.y[0] - 1));
  }
  report.tables = {table};
  report.charts = {{{"Gradients", "batch", "variance", {variances}, log_log}}};
  report.verdict.parts = {
      fact("the mean of gradients is the same for all batches", bias_by_chance < 1.5,
           fmt::format("errors of {:.2f} times those by chance at most", bias_by_chance)),
      fact("their variance is proportional to 1/B", deviation < 0.25,
           fmt::format("up to {:.0f} %", 100 * deviation))};
}

// The final training loss.
Estimate train(const Method& method, const Rule& rule, double batch, const data::Split& split,
               const ExperimentOptions& options) {
  const double rate = method.rate * math::pow(batch / start, rule.exponent);
  const int64_t size = static_cast<int64_t>(batch), steps = split.train.size() / size;
  const auto runs = over_seeds(options, options.small ? 3 : 8, [&](uint64_t seed) {
    Rng weights = weights_rng(seed);
    Sequential model = dense_network(split.train, weights);
    const auto optimizer = optim::optimizers().find(method.optimizer)(model.parameters(), rate);
    TrainingOptions training{fmt::format("{} {}, batch {}", method.name, rule.name, size),
                             options.epochs.value_or(20), size};
    if (size > start)
      training.schedule = optim::warmup(rule.warmup_epochs * steps, optim::constant(rate));
    return train_classifier(model, *optimizer, split, training, seed, options);
  });
  return estimate_of(runs, &TrainingCurves::final_loss);
}

// Trains the method with each rule. Adds rows to the table, and to the report a chart and parts:
// the claimed rule ends lower than the others.
void compare_rules(const Method& method, const data::Split& split, const ExperimentOptions& options,
                   Table& table, Report& report) {
  const Estimate small = train(method, rules[constant], start, split, options);
  Chart chart{method.name, "batch", "training loss", {}, log_log};
  std::vector<Estimate> large;
  for (const Rule& rule : rules) {
    const Estimate middle = train(method, rule, 32, split, options);
    large.push_back(train(method, rule, 128, split, options));
    table.rows.push_back({method.name, rule.name, small, middle, large.back()});
    chart.series.push_back({rule.name, {8, 32, 128}, {small.mean, middle.mean, large.back().mean}});
  }
  report.charts[0].push_back(chart);
  for (const std::size_t rule : {constant, root, linear})
    if (rule != method.right)
      report.verdict.parts.push_back(
          lower(fmt::format("{}: with batches of 128 the loss is lower with a rate {} than with {}",
                            method.name, rules[method.right].name, rules[rule].name),
                large[method.right], large[rule], 3));
}

Report run(const ExperimentOptions& options) {
  const data::Split split = load_data(options);
  Report report{.measured =
                    "gradients of an untrained network of 32 hidden units; then training at the "
                    "rates that are best for batches of 8."};
  measure_gradients(split.train, options, report);
  Table table{"Training loss of the last three epochs, by batch",
              {"optimizer", "rate", {"8", 4}, {"32", 4}, {"128", 4}}};
  for (const Method& method : methods) compare_rules(method, split, options, table, report);
  report.tables.push_back(table);
  return report;
}

}  // namespace gradus::lab::batch_size_experiment
