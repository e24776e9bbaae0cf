// Claim: a short training with an exponentially growing rate finds the learning rate: the one at
// which the loss falls fastest. (Smith 2017; Smith and Topin 2018.)
#include "apps/lab/experiments/toolbox.hpp"
#include "core/math.hpp"

namespace gradus::lab::lr_range_experiment {

constexpr double factors[] = {0.1, 0.3, 1, 3, 10};  // of the suggestion
constexpr std::size_t suggested = 2;                // index of factor 1

optim::RangeTest test_range(const data::Dataset& train, int64_t batch_size, uint64_t seed) {
  Rng weights = Rng(seed).fork(0), order = Rng(seed).fork(1);
  Sequential model = dense_network(train, weights);
  optim::Adam optimizer(model.parameters());
  data::Loader loader(train, {.batch_size = batch_size, .drop_last = true}, order);
  auto batch = loader.begin();
  const auto step = [&](double lr) {
    if (batch == loader.end()) batch = loader.begin();
    const auto [images, labels] = *batch;
    const Tensor loss = cross_entropy(model(images), labels);
    optimizer.zero_grad();
    loss.backward();
    optimizer.set_lr(lr);
    optimizer.step();
    ++batch;
    return loss.item();
  };
  return optim::range_test(step, {.steps = 120});
}

TrainingCurves train(const data::Split& split, TrainingOptions training, double rate, uint64_t seed,
                     const ExperimentOptions& options) {
  Rng weights = weights_rng(seed);
  Sequential model = dense_network(split.train, weights);
  optim::Adam optimizer(model.parameters());
  training.name = fmt::format("rate {:.2g}", rate);
  training.schedule = optim::make_schedule(
      "one-cycle", rate, training.epochs * (split.train.size() / training.batch_size));
  return train_classifier(model, optimizer, split, training, seed, options);
}

// The smoothed losses, and a vertical line at the first test's suggestion.
Chart range_chart(const std::vector<optim::RangeTest>& tests) {
  Chart chart{"The range test", "learning rate", "smoothed loss", {}, log_x};
  const double suggestion = tests[0].suggestion;
  const std::vector<double>& losses = tests[0].losses;
  chart.series = {{fmt::format("suggestion {:.2g}", suggestion),
                   {suggestion, suggestion},
                   {std::ranges::min(losses), std::ranges::max(losses)}}};
  for (const optim::RangeTest& test : tests)
    chart.series.push_back({fmt::format("test {}", chart.series.size()), test.rates, test.losses});
  return chart;
}

// `losses` by factor, `orders` their logarithms.
Verdict verdict(const std::vector<Estimate>& losses, const std::vector<Estimate>& orders,
                double suggestion) {
  const auto worse = [&](const char* rate, std::size_t at) {
    return lower(fmt::format("ln loss is lower with the suggestion than with {} it", rate),
                 orders[suggested], orders[at], 2);
  };
  return {{worse("a tenth of", 0), worse("ten times", orders.size() - 1)},
          fmt::format("The loss of the last epoch is {} with the suggestion, {} with a tenth of "
                      "it, {} with ten times it. Suggestion: --lr {:.2g}.",
                      to_string(losses[suggested], 3), to_string(losses.front(), 3),
                      to_string(losses.back(), 3), suggestion)};
}

Report run(const ExperimentOptions& options) {
  const data::Split split = load_data(options);
  const TrainingOptions training{"", options.epochs.value_or(5), options.batch_size.value_or(32)};
  require_batch(split.train, training.batch_size);
  const int64_t seeds = options.small ? 5 : 8;
  const auto tests = over_seeds(options, seeds, [&](uint64_t seed) {
    options.report(fmt::format("range test, seed {}", seed));
    return test_range(split.train, training.batch_size, seed);
  });
  Table table{
      "One-cycle with the suggestion as its largest rate, and with others",
      {"times the suggestion", "rate", {"loss of the last epoch", 4}, {"test accuracy (%)", 2}}};
  std::vector<Estimate> losses, orders;
  for (const double factor : factors) {
    const auto rate = [&](const optim::RangeTest& test) { return factor * test.suggestion; };
    const auto runs = over_seeds(options, seeds, [&](uint64_t seed) {
      return train(split, training, rate(tests[seed - options.seed]), seed, options);
    });
    losses.push_back(estimate_of(runs, &TrainingCurves::last_loss));
    // Losses that are far apart are compared by their logarithms.
    orders.push_back(estimate_of(runs, [](auto& run) { return math::log(run.last_loss()); }));
    table.rows.push_back({factor, estimate_of(tests, rate), losses.back(),
                          estimate_of(runs, &TrainingCurves::last_accuracy)});
  }
  return {verdict(losses, orders, tests[0].suggestion),
          fmt::format("32 hidden units, Adam, {} images of {}, batches of {}. In 120 steps the "
                      "rate grows from 1e-6 to 10 until the loss is 4 times its minimum; then new "
                      "networks are trained for {} epochs each.",
                      split.train.size(), options.data, training.batch_size, training.epochs),
          {table},
          {{range_chart(tests),
            {"Training with other rates", "times the suggestion", "loss of the last epoch",
             std::vector{column_line(table, 0, 2)}, log_log}}}};
}

}  // namespace gradus::lab::lr_range_experiment
