#include "optim/search/grid.hpp"

namespace gradus::optim {

// All points are computed before the first trial.
constexpr int64_t most_points = 100'000;

GridSearch::GridSearch(SearchTask task) : TrialSearch(std::move(task)) {
  const int64_t budget = this->task().budget;
  require(budget <= most_points, "grid", "budget must be {} or less, got {}", most_points, budget);
  const auto grid = [&](int64_t levels) {
    // One extra point shows that there are too many.
    return this->task().space.grid(levels, static_cast<std::size_t>(budget) + 1);
  };
  const auto fits = [&] { return std::ssize(points_) <= budget; };
  points_ = grid(1);
  require(fits(), "grid", "the lists must not have more combinations than the budget, {}", budget);
  // The finest grid within the budget.
  int64_t levels = 1;
  for (int64_t beyond = budget + 1; beyond - levels > 1;) {
    const int64_t middle = levels + (beyond - levels) / 2;
    points_ = grid(middle);
    (fits() ? levels : beyond) = middle;
  }
  points_ = grid(levels);
}

std::optional<Point> GridSearch::suggest(int64_t) {
  if (next_ == points_.size()) return std::nullopt;
  return points_[next_++];
}

}  // namespace gradus::optim
