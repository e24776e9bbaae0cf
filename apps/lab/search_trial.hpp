// What a search for hyperparameters tries.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "apps/lab/experiment.hpp"
#include "data/dataset.hpp"
#include "layers/sequential.hpp"
#include "optim/search/search.hpp"
#include "optim/sgd.hpp"

namespace gradus::lab {

/// A network in training, that a search leaves and comes back to: 32 hidden units with batch
/// normalization, by SGD with momentum 0.9.
class SearchTrial {
 public:
  static constexpr int64_t batch_size = 32;

  /// `values`: learning rate, weight decay, batch norm's ε. `split`, which stays the caller's, is
  /// of samples to train on and others held out.
  SearchTrial(const data::Split& split, const optim::Configuration& values, uint64_t seed);

  /// Trained so far.
  int64_t epochs() const { return epochs_; }
  /// Trains to the end of that epoch. Returns the lowest loss so far on the held-out part.
  double train_to(int64_t epoch);

 private:
  double loss();

  const data::Split& split_;
  Rng weights_, order_;
  layers::Sequential model_;
  optim::SGD optimizer_;
  int64_t epochs_ = 0;
  double lowest_ = std::numeric_limits<double>::infinity();
};

/// A search from its first trial to its last.
struct SearchRun {
  std::vector<double> lowest;  ///< loss so far, after each epoch of training
  double trials = 0;

  double loss() const { return lowest.back(); }
  double epochs() const { return static_cast<double>(lowest.size()); }
};

/// All trials have the same data and, by the options' seed, the same weights: what differs is luck
/// in searching. `name` is what is reported as progress.
SearchRun run_search(optim::Search& search, const data::Split& split,
                     const ExperimentOptions& options, const std::string& name);

}  // namespace gradus::lab
