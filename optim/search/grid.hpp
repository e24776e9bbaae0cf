// GridSearch: grid search.
#pragma once

#include "optim/search/search_method.hpp"

namespace gradus::optim {

/// All combinations of the values of lists and of evenly spaced levels of ranges, including the
/// bounds; all ranges have the same number of levels, as large as the budget allows. Inactive
/// parameters don't multiply the number. Bergstra and Bengio (2012) compare it with random search.
class GridSearch : public TrialSearch {
 public:
  /// Throws std::invalid_argument if the lists already have more combinations than the budget.
  explicit GridSearch(SearchTask task);

 private:
  std::optional<Point> suggest(int64_t draw) override;

  std::vector<Point> points_;
  std::size_t next_ = 0;
};

}  // namespace gradus::optim
