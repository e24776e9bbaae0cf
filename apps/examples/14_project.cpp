// A project on digits: models are chosen by validation, and the choice is tested once.
#include <gradus.hpp>

namespace gd = gradus;
using gd::layers::Conv2d, gd::layers::Dense, gd::layers::Flatten, gd::layers::MaxPool2d,
    gd::layers::ReLU, gd::layers::Sequential;

struct Candidate {
  std::string name;
  double lr;
  Sequential model;
  double validation_accuracy = 0;
};

Sequential network(const std::string& name, gd::Rng& rng) {
  if (name == "logistic") return Sequential{Flatten(), Dense(28 * 28, 10, rng)};
  return Sequential{Conv2d({.in_channels = 1, .out_channels = 8, .kernel = 5}, rng), ReLU(),
                    MaxPool2d(3), Flatten(), Dense(8 * 8 * 8, 10, rng)};
}

int main() {
  gd::Rng rng(1);
  const auto [rest, test] = gd::data::digits();
  const auto [train, validation] = gd::data::stratified_split(rest, 0.2, rng);
  fmt::print("{} to train, {} to validate, {} to test\n", train.size(), validation.size(),
             test.size());

  // The best rate of the baseline, and that of the other model, by the same search.
  std::vector<Candidate> best;
  for (const std::string name : {"logistic", "convolutional"}) {
    best.push_back({name, 0, Sequential{}});
    fmt::print("{:<14} validation accuracy, %:", name);
    for (const double lr : {0.0001, 0.001, 0.01}) {
      Candidate candidate{name, lr, network(name, rng)};
      gd::optim::Adam optimizer(candidate.model.parameters(), {.lr = lr});
      gd::train::fit(candidate.model, optimizer, train, {.epochs = 8, .batch_size = 32}, rng);
      candidate.validation_accuracy = gd::accuracy(candidate.model, validation);
      fmt::print("  {:.1f} (rate {})", 100 * candidate.validation_accuracy, lr);
      if (candidate.validation_accuracy > best.back().validation_accuracy) best.back() = candidate;
    }
    fmt::print("\n");
  }

  // The only look at the test set.
  std::vector<gd::train::Evaluation> tested;
  for (Candidate& candidate : best) {
    tested.push_back(gd::train::evaluate(candidate.model, test));
    const auto right = std::llround(tested.back().accuracy * static_cast<double>(test.size()));
    const gd::Interval interval = gd::wilson_interval(right, test.size());
    fmt::print("{:<14} rate {}: {} of {} test digits, {:.1f} % (95 % interval {:.1f} to {:.1f})\n",
               candidate.name, candidate.lr, right, test.size(), 100 * tested.back().accuracy,
               100 * interval.low, 100 * interval.high);
  }
  const gd::train::McNemar difference =
      gd::train::mcnemar(test.labels(), tested[1].predictions, tested[0].predictions);
  fmt::print("only the second is right: {}, only the first: {}; p = {:.2g}\n", difference.only_a,
             difference.only_b, difference.p_value);
}
