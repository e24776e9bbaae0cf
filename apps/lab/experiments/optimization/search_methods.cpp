// Claim: if a parameter has no effect, random search finds better values than grid search, and
// Bayesian search better ones than both; Hyperband reaches the result of random search in a
// fraction of the training. (Bergstra and Bengio 2012; Snoek et al. 2012; Li et al. 2018.)
#include "apps/lab/experiments/toolbox.hpp"

namespace gradus::lab::search_methods_experiment {

// The last parameter has no effect: it is added to variances that are far larger.
constexpr const char* space = "lr=log(1e-5,1), weight-decay=log(1e-6,1), eps=log(1e-12,1e-8)";
constexpr double held_out = 0.2;

// A network that a search trains in parts: 32 hidden units with batch normalization, by SGD with
// momentum 0.9.
struct SearchTrial {
  Rng weights, order;
  Sequential model;
  optim::SGD optimizer;
  int64_t epochs = 0;        // trained so far
  double lowest = INFINITY;  // lowest validation loss so far

  // `values`: learning rate, weight decay, batch norm's ε.
  SearchTrial(const data::Dataset& data, const std::vector<double>& values, uint64_t seed)
      : weights(weights_rng(seed)),
        order(Rng(seed).fork(1)),
        model{Flatten(), Dense(data.sample_shape().numel(), 32, weights),
              BatchNorm1d(32, {.eps = values[2]}), ReLU(), Dense(32, data.classes(), weights)},
        optimizer(model.parameters(),
                  {.lr = values[0], .momentum = 0.9, .weight_decay = values[1]}) {}

  // Trains to the end of that epoch; the test part of `split` is the held-out part.
  void train_to(int64_t epoch, const std::string& name, const data::Split& split,
                const ExperimentOptions& options) {
    const TrainingOptions training{name, epoch - epochs};
    for (const double loss :
         train_classifier(model, optimizer, split, training, order, options).test_loss)
      lowest = std::min(lowest, loss);
    epochs = epoch;
  }
};

// A search from its first trial to its last.
struct SearchRun {
  std::vector<double> lowest;  // lowest loss so far, after each epoch of training
  double trials = 0;

  double loss() const { return lowest.back(); }
  double epochs() const { return static_cast<double>(lowest.size()); }
};

// All trials have the same data and, by the seed of the options, the same initial weights: only the
// random choices of the search differ. `name` is shown as progress.
SearchRun run_search(optim::Search& search, const data::Split& split,
                     const ExperimentOptions& options, const std::string& name) {
  std::map<int64_t, SearchTrial> trials;
  SearchRun run;
  double lowest = INFINITY;
  while (const auto job = search.propose()) {
    std::vector<double> values;
    for (const auto& [parameter, value] : job->configuration) values.push_back(std::stod(value));
    SearchTrial& trial =
        trials.try_emplace(job->trial, split.train, values, options.seed).first->second;
    const auto epochs = static_cast<std::size_t>(job->until_epoch - trial.epochs);
    trial.train_to(job->until_epoch, fmt::format("{}, trial {}", name, job->trial + 1), split,
                   options);
    lowest = std::min(lowest, trial.lowest);
    run.lowest.resize(run.lowest.size() + epochs, lowest);
    search.report(job->trial, -trial.lowest);
  }
  run.trials = static_cast<double>(trials.size());
  return run;
}

// A search in the comparison.
struct Method {
  const char* name;  // in optim::search_methods()
  int64_t budget;
};
constexpr int64_t budget = 27;
constexpr Method methods[] = {{"grid", budget},
                              {"random", budget},
                              {"bayes", budget},
                              {"random", budget / 3},
                              {"hyperband", budget / 3}};
constexpr std::size_t grid = 0, random_search = 1, bayes = 2, hyperband = 4;

std::string title(const Method& method) {
  return method.budget == budget ? method.name : fmt::format("{}, a third", method.name);
}

Verdict verdict(const std::vector<Estimate>& losses) {
  const auto beats = [&](const char* says, std::size_t method, std::size_t other) {
    return lower(says, losses[method], losses[other], 4);
  };
  const double margin = 0.1 * losses[random_search].mean;
  return {{beats("random search has a lower loss than grid search", random_search, grid),
           beats("Bayesian search has a lower loss than random search", bayes, random_search),
           beats("Bayesian search has a lower loss than grid search", bayes, grid),
           within(fmt::format("Hyperband in a third of the epochs exceeds random search by less "
                              "than a tenth, {:.4f}",
                              margin),
                  losses[hyperband], losses[random_search], margin, 4)}};
}

Report run(const ExperimentOptions& options) {
  const data::Dataset all = load_data(options, 600).train;
  Rng part = Rng(options.seed).fork(2);
  const data::Split split = normalized_by_train(all.split(held_out, part));
  const int64_t epochs = options.epochs.value_or(27);
  Table table{"Searches", {"method", {"trials", 1}, {"epochs", 0}, {"lowest validation loss", 4}}};
  std::vector<Series> curves;
  std::vector<Estimate> losses;
  for (const Method& method : methods) {
    const auto of_seed = [&](uint64_t seed) {
      const auto search = optim::search_methods().find(method.name)(
          {optim::SearchSpace(space), method.budget, epochs, seed});
      return run_search(*search, split, options, fmt::format("{}, seed {}", method.name, seed));
    };
    // Grid search has no randomness: one run is enough.
    const int64_t seeds = options.seeds.value_or(options.small ? 4 : 20);
    const auto runs = &method == &methods[grid]
                          ? std::vector(static_cast<std::size_t>(seeds), of_seed(options.seed))
                          : over_seeds(options, seeds, of_seed);
    losses.push_back(estimate_of(runs, &SearchRun::loss));
    table.rows.push_back({title(method), estimate_of(runs, &SearchRun::trials).mean,
                          estimate_of(runs, &SearchRun::epochs).mean, losses.back()});
    if (method.budget == budget || &method == &methods[hyperband])
      curves.push_back(mean_curve(title(method), runs, &SearchRun::lowest));
  }
  return {verdict(losses),
          fmt::format("learning rate (1e-5 … 1), weight decay (1e-6 … 1) and batch norm's ε, which "
                      "has no effect, of a network of 32 hidden units trained by SGD with momentum "
                      "0.9 on {} images of {}, {} held out. {} trials of {} epochs, or as much "
                      "training.",
                      split.train.size(), options.data, split.test.size(), budget, epochs),
          {table},
          {{{"Best so far", "epochs of training, all trials together",
             "lowest validation loss (mean over the seeds)", curves, log_y}}}};
}

}  // namespace gradus::lab::search_methods_experiment
