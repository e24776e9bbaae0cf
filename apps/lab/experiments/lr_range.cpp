// Claim: a short training in which the rate grows exponentially finds the rate to train by:
// where the loss falls fastest. (Smith 2017; Smith and Topin 2018.)
#include <gradus.hpp>

#include "apps/lab/classifier.hpp"
#include "apps/lab/curves.hpp"
#include "apps/lab/experiments.hpp"
#include "apps/lab/network.hpp"

namespace gradus::lab {
namespace {

constexpr int64_t steps = 120;
// Of the suggestion.
constexpr double factors[] = {0.1, 0.3, 1, 3, 10};
constexpr std::size_t suggested = 2, last = 4;

// What one seed makes: the test, and a training for each factor.
struct Run {
  optim::RangeTest test;
  std::vector<TrainingRun> trainings;
};

optim::RangeTest test_range(const data::Dataset& train, int64_t batch_size, uint64_t seed) {
  Rng weights = Rng(seed).fork(0), order = Rng(seed).fork(1);
  layers::Sequential model = dense_network(train, weights);
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
  return optim::range_test(step, {.steps = steps});
}

Run run_seed(const data::Split& split, const TrainingOptions& training, uint64_t seed,
             const Settings& settings) {
  settings.report(fmt::format("range test, seed {}", seed));
  Run result{test_range(split.train, training.batch_size, seed), {}};
  for (const double factor : factors) {
    Rng weights = Rng(seed).fork(0), order = Rng(seed).fork(1);
    layers::Sequential model = dense_network(split.train, weights);
    optim::Adam optimizer(model.parameters());
    TrainingOptions options = training;
    options.name = fmt::format("{} times the suggestion, seed {}", factor, seed);
    options.schedule =
        optim::make_schedule("one-cycle", factor * result.test.suggestion,
                             training.epochs * (split.train.size() / training.batch_size));
    result.trainings.push_back(train_classifier(model, optimizer, split, options, order, settings));
  }
  return result;
}

// The smoothed losses, and a line where the first test's suggestion is.
pictures::Chart range_chart(const std::vector<Run>& runs) {
  pictures::Chart chart{
      "The range test", "learning rate", "smoothed loss", {}, pictures::Scale::logarithmic};
  const auto& [rates, losses, least, suggestion] = runs[0].test;
  const auto [low, high] = std::minmax_element(losses.begin(), losses.end());
  chart.series = {
      {fmt::format("suggestion {:.2g}", suggestion), {suggestion, suggestion}, {*low, *high}}};
  for (const Run& one : runs)
    chart.series.push_back(
        {fmt::format("test {}", chart.series.size()), one.test.rates, one.test.losses});
  return chart;
}

Report run(const Settings& settings) {
  const data::Split split = load_data(settings);
  const TrainingOptions training{"", settings.epochs.value_or(5), settings.batch_size.value_or(32)};
  require_batch(split.train, training.batch_size);
  const auto runs = over_seeds(settings, settings.small ? 5 : 8, [&](uint64_t seed) {
    return run_seed(split, training, seed, settings);
  });
  Table table{
      "One-cycle with the suggestion as its largest rate, and with others",
      {"times the suggestion", "rate", {"loss of the last epoch", 4}, {"test accuracy (%)", 2}}};
  pictures::Chart chart{"Trained by other rates",     "times the suggestion",
                        "loss of the last epoch",     {{"loss", {}, {}}},
                        pictures::Scale::logarithmic, pictures::Scale::logarithmic};
  std::vector<Estimate> losses, orders;
  for (std::size_t i = 0; i <= last; ++i) {
    const auto of = [&](auto value) {
      return estimate_of(runs, [&](const Run& one) { return value(one.trainings[i]); });
    };
    losses.push_back(of([](const TrainingRun& one) { return one.loss.back(); }));
    // Losses far apart are compared by their orders of magnitude.
    orders.push_back(of([](const TrainingRun& one) { return std::log10(one.loss.back()); }));
    table.rows.push_back(
        {factors[i],
         estimate_of(runs, [&](const Run& one) { return factors[i] * one.test.suggestion; }),
         losses[i], of([](const TrainingRun& one) { return 100 * one.accuracy.back(); })});
    chart.series[0].x.push_back(factors[i]);
    chart.series[0].y.push_back(losses[i].mean);
  }
  const bool not_less = clearly_below(orders[suggested], orders[0]);
  const bool not_more = clearly_below(orders[suggested], orders[last]);
  return {
      {not_less && not_more   ? Outcome::holds
       : not_less || not_more ? Outcome::conditional
                              : Outcome::fails,
       fmt::format("The last epoch's loss is {} by the suggestion, {} by a tenth of it, {} by "
                   "ten times it. Suggestion: --lr {:.2g}.",
                   to_string(losses[suggested], 3), to_string(losses[0], 3),
                   to_string(losses[last], 3), runs[0].test.suggestion),
       fmt::format("it is about {} rates alone", not_less ? "smaller" : "larger")},
      fmt::format("32 hidden units, Adam, {} images of {}, batches of {}. In 120 steps the rate "
                  "grows from 1e-6 to 10 until the loss is 4 times its least; then new networks, "
                  "{} epochs each.",
                  split.train.size(), settings.data, training.batch_size, training.epochs),
      {table},
      {{range_chart(runs), chart}}};
}

}  // namespace

Experiment lr_range() {
  return {.name = "lr-range",
          .chapter = "Learning rates",
          .title = "A test that finds the learning rate",
          .claim =
              "The range test finds a rate near the best: ten times less and ten times more "
              "train worse.",
          .source = "Smith 2017; Smith and Topin 2018",
          .heeds = {"data", "data-dir", "seeds", "epochs", "batch-size", "limit"},
          .run = run};
}

}  // namespace gradus::lab
