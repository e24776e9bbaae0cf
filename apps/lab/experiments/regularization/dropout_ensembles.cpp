// Claim: a network trained with dropout makes fewer errors than one trained without, and with all
// its units it is as good as the mean of many of its thinned networks. (Srivastava et al. 2014,
// table 2 and figure 11: 784-1024-1024-1024-10, ReLU, rows of norm 2 at most, MNIST: --data mnist
// --long.)
#include "apps/lab/experiments/toolbox.hpp"

namespace gradus::lab::dropout_ensembles_experiment {

const std::vector<double> sample_counts{2, 5, 10, 20, 50};

// The same samples as in the files: pixels from 0 to 1.
data::Split unscaled(const data::Split& split) {
  return {split.train.normalized({}), split.test.normalized({})};
}

struct Task {
  const ExperimentOptions& options;
  int64_t limit = options.small ? 250 : 500;
  data::Split split = unscaled(load_data(options, options.longer ? 0 : limit));
  int64_t units = options.longer ? 1024 : 512;
  int64_t epochs = options.epochs.value_or(60);
  int64_t batch_size = options.batch_size.value_or(options.longer ? 100 : 50);
};

// Test errors in percent.
struct Run {
  std::vector<double> by_epoch = {}, of_ensembles = {};  // the latter by sample_counts

  double last() const { return by_epoch.back(); }
  // Of all units, less that of the largest ensemble.
  double beyond_ensemble() const { return last() - of_ensembles.back(); }
};

std::string network_text(int64_t units, bool with_dropout) {
  const auto dropout = [&](const char* text) { return with_dropout ? text : ""; };
  return fmt::format("{}repeat 3 (dense {}, relu{}), dense classes", dropout("dropout 0.2, "),
                     units, dropout(", dropout 0.5"));
}

// The error, in percent, of the mean probabilities of thinned networks, for each of the counts. A
// thinned network is `model` with units dropped at random.
std::vector<double> ensemble_errors(Module& model, const data::Dataset& test,
                                    const std::vector<double>& counts, Rng& rng) {
  const data::Batch all = test.batch(0, test.size());
  std::vector<double> errors;
  for (const double count : counts) {
    const Tensor mean =
        monte_carlo_predict(model, all.inputs, static_cast<int64_t>(count), rng).mean;
    const int64_t correct = data::count_correct(all.targets, data::predictions(mean));
    errors.push_back(100 - 100 * static_cast<double>(correct) / static_cast<double>(test.size()));
  }
  return errors;
}

std::vector<Run> train(const Task& task, bool with_dropout) {
  const int64_t seeds = task.options.small ? 5 : 8;
  return over_seeds(task.options, task.options.longer ? 1 : seeds, [&](uint64_t seed) {
    Rng weights = weights_rng(seed), samples = Rng(seed).fork(2);
    Sequential model = network(network_text(task.units, with_dropout), task.split.train, weights);
    const double rate = 0.001, steps = task.epochs * (task.split.train.size() / task.batch_size);
    optim::Adam optimizer(model.parameters(), {.lr = rate});
    TrainingOptions training{with_dropout ? "with dropout" : "without dropout", task.epochs,
                             task.batch_size};
    training.schedule = optim::Schedule([=](int64_t t) { return rate * (1 - t / steps); },
                                        [=](int64_t t) { return 0.95 - 0.45 * t / steps; });
    training.observer.after_step = [&](const train::StepRecord&) { constrain(model, max_norm(2)); };
    Run run{train_classifier(model, optimizer, task.split, training, seed, task.options).errors()};
    if (with_dropout)
      run.of_ensembles = ensemble_errors(model, task.split.test, sample_counts, samples);
    return run;
  });
}

// `beyond` is the error of all units less that of the largest ensemble.
Verdict verdict(const Estimate& change, const Estimate& beyond) {
  constexpr double margin = 0.5;
  return {{negative("dropout lowers the error, in percentage points", change, 2),
           within(fmt::format("all units exceed the error of the mean of {} thinned networks by "
                              "less than {}",
                              sample_counts.back(), margin),
                  beyond, {0, 0, beyond.runs}, margin, 2)}};
}

Report run(const ExperimentOptions& options) {
  const Task task{options};
  const std::vector<Run> without = train(task, false), with = train(task, true);
  const Estimate bare = estimate_of(without, &Run::last), whole = estimate_of(with, &Run::last);
  Table table{"Test error at the end",
              {"network", {"error (%)", 2}},
              {{"without dropout", bare}, {"with, all units", whole}}};
  Series means = mean_curve("mean of thinned networks", with, &Run::of_ensembles);
  means.x = sample_counts;
  for (std::size_t i = 0; i < sample_counts.size(); ++i) {
    table.rows.push_back({fmt::format("with, mean of {} thinned", sample_counts[i]),
                          estimate_of(with, [&](const Run& run) { return run.of_ensembles[i]; })});
  }
  const auto all_units = sampled("all units", sample_counts, [&](double) { return whole.mean; });
  std::vector<double> changes;  // with the same seed
  for (std::size_t i = 0; i < with.size(); ++i)
    changes.push_back(with[i].last() - without[i].last());
  return {verdict(estimate(changes), estimate_of(with, &Run::beyond_ensemble)),
          fmt::format("three hidden layers of {} ReLU units, rows of norm 2 at most, Adam with a "
                      "rate from 0.001 to 0 and momentum from 0.95 to 0.5, on {} images of {} for "
                      "{} epochs. --data mnist --long has the size of the paper.",
                      task.units, task.split.train.size(), options.data, task.epochs),
          {table},
          {{{"Training", "epoch", "test error (%)",
             std::vector{mean_curve("without dropout", without, &Run::by_epoch),
                         mean_curve("with", with, &Run::by_epoch)}},
            {"Evaluation", "networks", "test error (%)", std::vector{means, all_units}}}}};
}

}  // namespace gradus::lab::dropout_ensembles_experiment
