#include "optim/search/grid.hpp"

namespace gradus::optim {

GridSearch::GridSearch(SearchTask task) : TrialSearch(std::move(task)) {
  const int64_t budget = this->task().budget;
  points_ = grid(1);
  require(static_cast<int64_t>(points_.size()) <= budget, "grid",
          "the lists have more combinations than the budget, {}", budget);
  for (int64_t levels = 2; levels <= budget; ++levels) {
    std::vector<Point> finer = grid(levels);
    if (static_cast<int64_t>(finer.size()) > budget) return;
    points_ = std::move(finer);
  }
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
