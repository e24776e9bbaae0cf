// Claim: who chooses the best of many epochs by the test set reports too high an accuracy: on new
// samples the network of that epoch is worse than on those that chose it. (Cawley and Talbot 2010.)
#include <map>

#include "apps/lab/experiments/toolbox.hpp"
#include "core/ops/reduce.hpp"

namespace gradus::lab::test_judge_experiment {

constexpr int64_t splits = 100;  // of the test set, for each seed

// For each sample of a test set, 1 if it is classified correctly.
using Correct = std::vector<double>;

Correct correct_samples(Sequential& model, const data::Dataset& test) {
  const data::Batch all = test.batch(0, test.size());
  const std::vector<int64_t> predicted =
      argmax(no_grad([&] { return model(all.inputs); }), 1).to_vector<int64_t>();
  const std::vector<int64_t> expected = all.targets.to_vector<int64_t>();
  Correct correct;
  for (std::size_t i = 0; i < expected.size(); ++i) correct.push_back(predicted[i] == expected[i]);
  return correct;
}

// The first of the best.
std::size_t best_of(const std::vector<double>& accuracies) {
  return static_cast<std::size_t>(std::ranges::max_element(accuracies) - accuracies.begin());
}

// Accuracies in percent, those of the test set unless named otherwise.
struct Run {
  std::vector<double> test = {}, validation = {};  // by epoch
  double judge = 0, stranger = 0;  // of the epoch chosen by a half: on that half, on the other

  std::size_t by_test() const { return best_of(test); }
  std::size_t by_validation() const { return best_of(validation); }
  double best() const { return test[by_test()]; }
  double last() const { return test.back(); }
  double validated() const { return test[by_validation()]; }
  double flattery() const { return judge - stranger; }
};

// Chooses an epoch by either half of the test set, for many random halves.
void judge_by_halves(Run& run, const std::vector<Correct>& by_epoch, Rng& rng) {
  for (int64_t split = 0; split < splits; ++split) {
    const std::vector<int64_t> order = rng.permutation(std::ssize(by_epoch[0]));
    const auto half = std::span(order).first(order.size() / 2);
    const auto other = std::span(order).last(order.size() / 2);
    for (const auto& [chooser, rest] : {std::pair(half, other), std::pair(other, half)}) {
      const auto accuracies = [&](std::span<const int64_t> samples) {
        std::vector<double> result;
        for (const Correct& correct : by_epoch) {
          double sum = 0;
          for (const int64_t i : samples) sum += correct[static_cast<std::size_t>(i)];
          result.push_back(100 * sum / static_cast<double>(samples.size()));
        }
        return result;
      };
      const std::vector<double> known = accuracies(chooser);
      const std::size_t epoch = best_of(known);
      run.judge += known[epoch] / (2 * splits);
      run.stranger += accuracies(rest)[epoch] / (2 * splits);
    }
  }
}

Run train(const data::Split& split, const TrainingOptions& training, uint64_t seed,
          const ExperimentOptions& options) {
  Rng weights = weights_rng(seed), order = Rng(seed).fork(1), halves = Rng(seed).fork(2);
  const data::Split parts = split.train.split(0.1, order);
  Sequential model = dense_network(parts.train, weights);
  optim::Adam optimizer(model.parameters());
  Run run;
  std::vector<Correct> by_epoch;
  TrainingOptions observed = training;
  observed.name = fmt::format("seed {}", seed);
  observed.observer.after_epoch = [&](const train::EpochRecord&) {
    by_epoch.push_back(correct_samples(model, split.test));
    run.test.push_back(100 * estimate(by_epoch.back()).mean);
    run.validation.push_back(100 * accuracy(model, parts.test));
  };
  train_classifier(model, optimizer, {parts.train, split.test}, observed, order, options);
  judge_by_halves(run, by_epoch, halves);
  return run;
}

// One training, and the epochs that are chosen.
Chart chart_of(const Run& run) {
  Chart chart{"One training", "epoch", "accuracy (%)"};
  const auto curve = [](const char* name, const std::vector<double>& values) {
    Series series{name};
    for (const double value : values) series.add(static_cast<double>(series.x.size() + 1), value);
    return series;
  };
  chart.series = {curve("test set", run.test), curve("validation set", run.validation)};
  chart.series[0].mark = pictures::Mark::thin;
  chart.series[1].mark = pictures::Mark::faint;
  std::map<std::size_t, std::string> chosen;  // one point for each epoch
  for (const auto& [name, epoch] : {std::pair("best by the test set", run.by_test()),
                                    std::pair("best by the validation set", run.by_validation()),
                                    std::pair("last", run.test.size() - 1)})
    chosen[epoch] += (chosen[epoch].empty() ? "" : ", ") + std::string(name);
  for (const auto& [epoch, name] : chosen)
    chart.series.push_back({name, {static_cast<double>(epoch + 1)}, {run.test[epoch]}});
  return chart;
}

Report run(const ExperimentOptions& options) {
  const data::Split split = load_data(options);
  const TrainingOptions training{"", options.epochs.value_or(20), options.batch_size.value_or(32)};
  const auto runs = over_seeds(options, options.small ? 3 : 5, [&](uint64_t seed) {
    return train(split, training, seed, options);
  });

  Table choices{"The epoch whose test accuracy is reported",
                {"chosen by", {"epoch", 1}, {"test accuracy (%)", 2}, {"above the last", 2}}};
  const auto add_choice = [&](const char* chooser, auto epoch) {
    const auto accuracy = [&](const Run& run) { return run.test[std::invoke(epoch, run)]; };
    add_row(
        choices, {chooser}, runs,
        [&](const Run& run) { return static_cast<double>(std::invoke(epoch, run) + 1); }, accuracy,
        [&](const Run& run) { return accuracy(run) - run.last(); });
  };
  add_choice("the test set", &Run::by_test);
  add_choice("nothing: the last", [](const Run& run) { return run.test.size() - 1; });
  add_choice("the validation set", &Run::by_validation);
  Table halves{"The epoch chosen by one half of the test set: accuracy (%) on both",
               {{"on that half", 2}, {"on the other half", 2}, {"difference", 2}}};
  add_row(halves, {}, runs, &Run::judge, &Run::stranger, &Run::flattery);

  const std::string remark = fmt::format(
      "The best of {} epochs by the test set has {} %, the last one {} %, the one chosen by the "
      "validation set {} %. An epoch chosen by one half of the test set has {} % on that half and "
      "{} % on the other.",
      training.epochs, to_string(estimate_of(runs, &Run::best), 2),
      to_string(estimate_of(runs, &Run::last), 2), to_string(estimate_of(runs, &Run::validated), 2),
      to_string(estimate_of(runs, &Run::judge), 2),
      to_string(estimate_of(runs, &Run::stranger), 2));
  return {
      {{positive("the half of the test set that chooses the epoch has more percentage points than "
                 "the other",
                 estimate_of(runs, &Run::flattery), 2)},
       remark,
       "other test sets; how much the whole test set flatters, which is larger than its halves; "
       "a choice among other things than epochs"},
      fmt::format("32 hidden units, Adam, {} training images of {}, a tenth of them held out for "
                  "validation, {} test images; for each seed the test set is split into halves "
                  "{} times, and each half chooses once.",
                  split.train.size(), options.data, split.test.size(), splits),
      {choices, halves},
      {{chart_of(runs[0])}}};
}

}  // namespace gradus::lab::test_judge_experiment
