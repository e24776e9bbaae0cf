// Grid search.
#pragma once

#include "optim/search/search_method.hpp"

namespace gradus::optim {

/// Every combination of the values of lists and of evenly spaced levels of ranges, bounds included:
/// as many levels, the same number for all ranges, as the budget allows. Parameters that take no
/// part don't multiply. What it costs beside random search: Bergstra and Bengio 2012.
class GridSearch : public TrialSearch {
 public:
  /// Throws std::invalid_argument where the lists alone have more combinations than the budget.
  explicit GridSearch(SearchTask task);

 private:
  std::optional<Point> suggest(int64_t draw) override;

  std::vector<Point> points_;
  std::size_t next_ = 0;
};

}  // namespace gradus::optim
