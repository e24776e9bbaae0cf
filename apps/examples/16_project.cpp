// A project on digits: models are chosen by validation, and the choice is tested once.
#include <apps/pictures/plot.hpp>
#include <gradus.hpp>

namespace gd = gradus;
using gd::layers::Conv2d, gd::layers::Dense, gd::layers::Flatten, gd::layers::MaxPool2d,
    gd::layers::ReLU, gd::layers::Sequential;

Sequential network(const std::string& name, gd::Rng& rng) {
  if (name == "logistic") return Sequential{Flatten(), Dense(28 * 28, 10, rng)};
  return Sequential{Conv2d({.in_channels = 1, .out_channels = 8, .kernel = 5}, rng), ReLU(),
                    MaxPool2d(3), Flatten(), Dense(8 * 8 * 8, 10, rng)};
}

// Trains for eight epochs; `watched` is evaluated after each.
gd::train::History learn(Sequential& model, double lr, const gd::data::Dataset& train,
                         const gd::data::Dataset& watched, gd::Rng& rng) {
  gd::optim::Adam optimizer(model.parameters(), {.lr = lr});
  return gd::train::fit(
      model, optimizer, train,
      {.epochs = 8, .batch_size = 32, .watch_test = watched, .schedule = "one-cycle"}, rng);
}

int main() {
  const auto [rest, test] = gd::data::digits();
  fmt::print("{} to train and validate, {} to test\n", rest.size(), test.size());

  // For each model the best rate of a search: three rates, three divisions of the digits.
  std::vector<gd::pictures::Chart> charts;
  std::map<std::string, double> best_lr;
  for (const std::string name : {"logistic", "convolutional"}) {
    double best_accuracy = 0;
    charts.emplace_back();
    fmt::print("{:<14} validation accuracy, %:", name);
    for (const double lr : {0.0001, 0.001, 0.01}) {
      std::vector<double> accuracies;
      gd::pictures::Series training{.name = "training"}, validating{.name = "validation"};
      for (const int seed : {1, 2, 3}) {
        gd::Rng rng(seed);
        const auto [train, validation] = gd::data::stratified_split(rest, 0.2, rng);
        Sequential model = network(name, rng);
        const gd::train::History log = learn(model, lr, train, validation, rng);
        accuracies.push_back(100 * log.back().test_score);
        for (const auto& epoch : log) {
          if (seed > 1) break;
          training.add(epoch.epoch, epoch.train_loss);
          validating.add(epoch.epoch, epoch.test_loss);
        }
      }
      fmt::print("  {} (rate {})", gd::to_string(gd::estimate(accuracies), 1), lr);
      if (const double accuracy = gd::estimate(accuracies).mean; accuracy > best_accuracy) {
        best_accuracy = accuracy, best_lr[name] = lr;
        charts.back() = {fmt::format("{}, rate {}", name, lr), "epoch", "loss"};
        charts.back().series = {training, validating};
        charts.back().scales = gd::pictures::log_y;
      }
    }
    fmt::print("\n");
  }
  gd::pictures::save("learning.svg", charts);

  // The chosen options again, on all but the test digits; the only look at these.
  std::vector<gd::train::Evaluation> tested;
  for (const std::string name : {"logistic", "convolutional"}) {
    gd::Rng rng(1);
    Sequential model = network(name, rng);
    learn(model, best_lr[name], rest, rest, rng);
    tested.push_back(gd::train::evaluate(model, test));
    const auto right = std::llround(tested.back().accuracy * static_cast<double>(test.size()));
    const gd::Interval interval = gd::wilson_interval(right, test.size());
    fmt::print("{:<14} rate {}: {} of {} test digits, {:.1f} % (95 % interval {:.1f} to {:.1f})\n",
               name, best_lr[name], right, test.size(), 100 * tested.back().accuracy,
               100 * interval.low, 100 * interval.high);
  }
  const gd::train::McNemar difference =
      gd::train::mcnemar(test.labels(), tested[1].predictions, tested[0].predictions);
  fmt::print("only the second is right: {}, only the first: {}; p = {:.2g}\n", difference.only_a,
             difference.only_b, difference.p_value);
}
