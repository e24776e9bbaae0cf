// Regularized evolution.
#pragma once

#include <deque>

#include "optim/search/search_method.hpp"

namespace gradus::optim {

/// Options of EvolutionSearch.
struct EvolutionSearchOptions {
  int64_t population = 20;  ///< the newest trials, from which parents are taken; 1 or more
  int64_t sample = 5;       ///< drawn of them, of which the best is the parent; 1 or more

  /// What the command line and texts can set: names, ranges and help.
  static OptionTable<EvolutionSearchOptions> table();
};

/// Real et al. (2019): random trials at first; then each is a change of the best of `sample`
/// trials, drawn with replacement from the `population` newest that were reported. The oldest dies,
/// not the worst, so that what was good by chance doesn't stay. A change is another value of one
/// parameter, at times of several: of a list any other, of a range one nearby (deviation 0.1 of the
/// range).
class EvolutionSearch : public TrialSearch {
 public:
  /// Throws std::invalid_argument for an option out of its range.
  explicit EvolutionSearch(SearchTask task, const EvolutionSearchOptions& options = {});

  /// The numbers of the trials that can be parents, the oldest first.
  const std::deque<int64_t>& population() const { return population_; }

 private:
  std::optional<Point> suggest(int64_t draw) override;
  void learn(int64_t trial) override;

  EvolutionSearchOptions options_;
  std::deque<int64_t> population_;
};

}  // namespace gradus::optim
