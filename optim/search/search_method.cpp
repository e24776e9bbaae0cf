#include "optim/search/search_method.hpp"

#include <cmath>

namespace gradus::optim {

Search::Search(SearchTask task) : task_(std::move(task)) {
  range::count.check("search", "budget", task_.budget);
  range::count.check("search", "epochs", task_.epochs);
}

Job Search::run(std::size_t trial, int64_t until_epoch) {
  trials_[trial].epochs = until_epoch;
  trials_[trial].is_running = true;
  return {static_cast<int64_t>(trial), task_.space.configuration(trials_[trial].point),
          until_epoch};
}

Job Search::start(Point point, int64_t until_epoch) {
  by_configuration_.emplace(task_.space.values(point), std::ssize(trials_));
  trials_.push_back({std::move(point)});
  return run(trials_.size() - 1, until_epoch);
}

Job Search::proceed(int64_t trial, int64_t until_epoch) {
  return run(static_cast<std::size_t>(trial), until_epoch);
}

void Search::report(int64_t trial, double value) {
  const bool exists = trial >= 0 && trial < std::ssize(trials_);
  require(exists && trials_[static_cast<std::size_t>(trial)].is_running, "search",
          "only running trials can be reported, trial {} isn't running", trial);
  Trial& told = trials_[static_cast<std::size_t>(trial)];
  told.value = value;
  told.is_running = false;
  learn(trial);
}

Rng Search::next_rng(int64_t draw) const {
  const Rng rng = Rng(task_.seed).fork(trials_.size());
  return draw == 0 ? rng : rng.fork(static_cast<uint64_t>(draw));
}

std::optional<int64_t> Search::tried(const Point& point) const {
  const auto found = by_configuration_.find(task_.space.values(point));
  if (found == by_configuration_.end()) return std::nullopt;
  return found->second;
}

std::optional<Point> Search::untried() const {
  // Among more points than trials at least one is new, unless all of the space is tried.
  const std::size_t enough = trials_.size() + 1;
  for (const Point& point : task_.space.grid(static_cast<int64_t>(enough), enough))
    if (!tried(point)) return point;
  return std::nullopt;
}

Point Search::random_point(Rng& rng) const {
  Point point;
  for (std::size_t i = 0; i < task_.space.size(); ++i) point.push_back(rng.uniform());
  return point;
}

// Mirrors a coordinate back into [0, 1].
static double mirrored(double coordinate) {
  const double period = std::abs(std::remainder(coordinate, 2));
  return std::min(period, 2 - period);
}

Point Search::changed(Point point, double deviation, Rng& rng) const {
  const SearchSpace& space = task_.space;
  do {
    std::vector<std::size_t> active;
    for (std::size_t i = 0; i < space.size(); ++i)
      if (space.is_active(i, point)) active.push_back(i);
    const std::size_t chosen = active[static_cast<std::size_t>(rng.below(std::ssize(active)))];
    const SearchParameter& parameter = space.parameters()[chosen];
    double& coordinate = point[chosen];
    if (parameter.kind != SearchParameter::Kind::list) {
      coordinate = mirrored(coordinate + deviation * rng.normal());
    } else if (const int64_t count = *parameter.count(); count > 1) {
      const int64_t other = (parameter.index(coordinate) + 1 + rng.below(count - 1)) % count;
      coordinate = parameter.middle(other);
    }
  } while (rng.uniform() < 0.5);
  return point;
}

std::optional<Job> TrialSearch::propose() {
  constexpr int64_t most_draws = 20;
  if (is_exhausted_ || static_cast<int64_t>(trials().size()) >= task().budget) return std::nullopt;
  for (int64_t draw = 0; draw < most_draws; ++draw) {
    std::optional<Point> point = suggest(draw);
    if (!point) return std::nullopt;
    const std::optional<int64_t> before = tried(*point);
    if (!before) return start(std::move(*point), task().epochs);
    if (!trials()[static_cast<std::size_t>(*before)].is_running) learn(*before);
  }
  std::optional<Point> point = untried();
  is_exhausted_ = !point;
  return point ? std::optional(start(std::move(*point), task().epochs)) : std::nullopt;
}

double comparable(double value) {
  return std::isnan(value) ? -std::numeric_limits<double>::infinity() : value;
}

}  // namespace gradus::optim
