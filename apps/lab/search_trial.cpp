#include "apps/lab/search_trial.hpp"

#include <algorithm>
#include <map>

#include "core/autograd.hpp"
#include "core/ops/loss.hpp"
#include "data/loader.hpp"
#include "layers/activation.hpp"
#include "layers/dense.hpp"
#include "layers/flatten.hpp"
#include "layers/norm/batch_norm.hpp"

namespace gradus::lab {

static double number(const optim::Configuration& values, std::size_t parameter) {
  return std::stod(values[parameter].second);
}

SearchTrial::SearchTrial(const data::Split& split, const optim::Configuration& values,
                         uint64_t seed)
    : split_(split),
      weights_(Rng(seed).fork(0)),
      order_(Rng(seed).fork(1)),
      model_{layers::Flatten(), layers::Dense(split.train.sample_shape().numel(), 32, weights_),
             layers::BatchNorm1d(32, {.eps = number(values, 2)}), layers::ReLU(),
             layers::Dense(32, split.train.classes(), weights_)},
      optimizer_(model_.parameters(),
                 {.lr = number(values, 0), .momentum = 0.9, .weight_decay = number(values, 1)}) {}

double SearchTrial::train_to(int64_t epoch) {
  for (; epochs_ < epoch; ++epochs_) {
    model_.train(true);
    for (auto [images, labels] :
         data::Loader(split_.train, {.batch_size = batch_size, .drop_last = true}, order_)) {
      const Tensor loss = cross_entropy(model_(images), labels);
      optimizer_.zero_grad();
      loss.backward();
      optimizer_.step();
    }
    lowest_ = std::min(lowest_, loss());
  }
  return lowest_;
}

double SearchTrial::loss() {
  model_.train(false);
  const NoGrad no_grad;
  const data::Batch all = split_.test.batch(0, split_.test.size());
  return cross_entropy(model_(all.images), all.labels).item();
}

SearchRun run_search(optim::Search& search, const data::Split& split, const Settings& settings,
                     const std::string& name) {
  std::map<int64_t, SearchTrial> trials;
  SearchRun run;
  double lowest = std::numeric_limits<double>::infinity();
  while (const auto job = search.propose()) {
    settings.report(fmt::format("{}, trial {}", name, job->trial + 1));
    SearchTrial& trial =
        trials.try_emplace(job->trial, split, job->configuration, settings.seed).first->second;
    const int64_t before = trial.epochs();
    const double loss = trial.train_to(job->until_epoch);
    lowest = std::min(lowest, loss);
    run.lowest.resize(run.lowest.size() + static_cast<std::size_t>(job->until_epoch - before),
                      lowest);
    search.report(job->trial, -loss);
  }
  run.trials = static_cast<double>(trials.size());
  return run;
}

}  // namespace gradus::lab
