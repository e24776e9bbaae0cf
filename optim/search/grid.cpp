#include "optim/search/grid.hpp"

namespace gradus::optim {
namespace {

// All are made before the first is tried.
constexpr int64_t most_points = 100'000;

}  // namespace

GridSearch::GridSearch(SearchTask task) : TrialSearch(std::move(task)) {
  const int64_t budget = this->task().budget;
  require(budget <= most_points, "grid", "budget is {} or less, got {}", most_points, budget);
  const auto fits = [&] { return static_cast<int64_t>(points_.size()) <= budget; };
  points_ = grid(1);
  require(fits(), "grid", "the lists have more combinations than the budget, {}", budget);
  // The finest grid within the budget.
  int64_t levels = 1;
  for (int64_t beyond = budget + 1; beyond - levels > 1;) {
    const int64_t middle = levels + (beyond - levels) / 2;
    points_ = grid(middle);
    (fits() ? levels : beyond) = middle;
  }
  points_ = grid(levels);
}

// One point more than the budget at most: enough to see that there are too many.
std::vector<Point> GridSearch::grid(int64_t levels) const {
  const SearchSpace& space = task().space;
  const auto most = static_cast<std::size_t>(task().budget) + 1;
  std::vector<Point> points{Point(space.size(), 0.5)};
  for (std::size_t i = 0; i < space.size(); ++i) {
    const std::vector<double> coordinates = space.parameters()[i].levels(levels);
    std::vector<Point> finer;
    for (const Point& point : points)
      for (const double coordinate : coordinates) {
        if (finer.size() == most) break;
        finer.push_back(point);
        finer.back()[i] = coordinate;
        if (!space.is_active(i, point)) break;
      }
    points = std::move(finer);
  }
  return points;
}

std::optional<Point> GridSearch::suggest() {
  if (trials().size() == points_.size()) return std::nullopt;
  return points_[trials().size()];
}

}  // namespace gradus::optim
