#include "optim/search/search.hpp"

#include <cmath>
#include <limits>

namespace gradus::optim {

Search::Search(SearchTask task) : task_(std::move(task)) {
  range::count.check("search", "budget", static_cast<double>(task_.budget));
  range::count.check("search", "epochs", static_cast<double>(task_.epochs));
}

Job Search::run(std::size_t trial, int64_t until_epoch) {
  trials_[trial].epochs = until_epoch;
  trials_[trial].is_running = true;
  return {static_cast<int64_t>(trial), task_.space.configuration(trials_[trial].point),
          until_epoch};
}

Job Search::start(Point point, int64_t until_epoch) {
  trials_.push_back({std::move(point)});
  return run(trials_.size() - 1, until_epoch);
}

Job Search::proceed(int64_t trial, int64_t until_epoch) {
  return run(static_cast<std::size_t>(trial), until_epoch);
}

void Search::report(int64_t trial, double value) {
  const bool exists = trial >= 0 && trial < static_cast<int64_t>(trials_.size());
  require(exists && trials_[static_cast<std::size_t>(trial)].is_running, "search",
          "trial {} isn't running", trial);
  Trial& told = trials_[static_cast<std::size_t>(trial)];
  told.value = value;
  told.is_running = false;
  learn(trial);
}

Point Search::random_point(Rng& rng) const {
  Point point;
  for (std::size_t i = 0; i < task_.space.size(); ++i) point.push_back(rng.uniform());
  return point;
}

std::optional<Job> TrialSearch::propose() {
  if (static_cast<int64_t>(trials().size()) >= task().budget) return std::nullopt;
  std::optional<Point> point = suggest();
  if (!point) return std::nullopt;
  return start(std::move(*point), task().epochs);
}

double comparable(double value) {
  return std::isnan(value) ? -std::numeric_limits<double>::infinity() : value;
}

}  // namespace gradus::optim
