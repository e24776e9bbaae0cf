// EvolutionSearch: regularized evolution.
#pragma once

#include <deque>

#include "optim/search/search_method.hpp"

namespace gradus::optim {

/// Options of EvolutionSearch.
struct EvolutionSearchOptions {
  int64_t population = 20;  ///< number of newest trials that can be parents; 1 or more
  int64_t sample =
      5;  ///< number of trials drawn from them, the best of which is the parent; 1 or more

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<EvolutionSearchOptions> table();
};

/// Real et al. (2019): first random trials; then each trial is a change of the best of `sample`
/// trials, drawn with replacement from the `population` newest reported ones. The oldest trial is
/// removed, not the worst, so that trials that were good by chance don't stay. A change gives one
/// parameter (sometimes several) another value: any other of a list, a nearby one of a range
/// (deviation 0.1 of the range).
class EvolutionSearch : public TrialSearch {
 public:
  /// Throws std::invalid_argument for an option out of its range.
  explicit EvolutionSearch(SearchTask task, const EvolutionSearchOptions& options = {});

  /// The numbers of the trials that can be parents, oldest first.
  const std::deque<int64_t>& population() const { return population_; }

 private:
  std::optional<Point> suggest(int64_t draw) override;
  void learn(int64_t trial) override;

  EvolutionSearchOptions options_;
  std::deque<int64_t> population_;
};

}  // namespace gradus::optim
