#include "optim/search/bayes.hpp"

#include <cmath>
#include <numeric>
#include <set>

#include "core/math.hpp"
#include "optim/search/random_search.hpp"

namespace gradus::optim {
namespace {

constexpr int random_candidates = 1000, changes_of_each = 100, refinements = 12, tries = 30;
constexpr std::size_t changed_trials = 5;

// Outliers below are raised to this many times the distance between the best and the median.
// Otherwise one exploded loss would make all other values look equal.
constexpr double farthest = 4;

// Replaces failures by the worst value, raises outliers, and standardizes. Empty if all values are
// equal.
std::vector<double> standardized(std::vector<double> values) {
  std::vector<double> sorted;
  for (const double value : values)
    if (std::isfinite(value)) sorted.push_back(value);
  std::ranges::sort(sorted);
  if (sorted.empty() || sorted.front() == sorted.back()) return {};
  const double best = sorted.back(), median = sorted[sorted.size() / 2];
  const double least = std::max(
      sorted.front(), median < best ? median - farthest * (best - median) : sorted.front());
  for (double& value : values) value = std::isfinite(value) ? std::max(value, least) : least;
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  for (double& value : values) value = (value - mean) / std::sqrt(squares / n);
  return values;
}

// The finished trials, best first.
std::vector<const Trial*> ranked(const std::vector<Trial>& trials) {
  std::vector<const Trial*> result;
  for (const Trial& trial : trials)
    if (trial.value) result.push_back(&trial);
  std::ranges::stable_sort(result, std::greater(),
                           [](const Trial* trial) { return comparable(*trial->value); });
  return result;
}

// Finds the point with the largest expected improvement among candidates whose configuration wasn't
// tried yet.
class Candidates {
 public:
  Candidates(const SearchSpace& space, const TrialModel& model, const std::vector<Trial>& trials)
      : space_(space), model_(model) {
    for (const Trial& trial : trials) tried_.insert(space.values(trial.point));
  }

  void consider(const Point& point) {
    const auto [mean, variance] = model_.predict(point);
    const double improvement = expected_improvement(mean, std::sqrt(variance), model_.best());
    if (improvement <= improvement_ || tried_.contains(space_.values(point))) return;
    improvement_ = improvement;
    best_ = point;
  }

  const std::optional<Point>& best() const { return best_; }

 private:
  const SearchSpace& space_;
  const TrialModel& model_;
  std::set<Configuration> tried_;
  std::optional<Point> best_;
  double improvement_ = -1;
};

}  // namespace

OptionTable<BayesSearchOptions> BayesSearchOptions::table() {
  return {{"initial", &BayesSearchOptions::initial, range::count,
           "number of trials before the model chooses"}};
}

std::optional<TrialModel> TrialModel::of(const SearchSpace& space,
                                         const std::vector<Trial>& trials) {
  Observations observations;
  for (const Trial& trial : trials) {
    if (!trial.value) continue;
    observations.points.push_back(space.features(trial.point));
    observations.values.push_back(*trial.value);
  }
  observations.values = standardized(std::move(observations.values));
  if (observations.values.empty()) return std::nullopt;
  GaussianProcess process =
      GaussianProcess::fit(std::move(observations), space.feature_parameters());
  for (const Trial& trial : trials) {
    if (trial.value) continue;
    const std::vector<double> features = space.features(trial.point);
    process = process.with(features, process.predict(features).mean);
  }
  return TrialModel(space, std::move(process));
}

TrialModel::TrialModel(const SearchSpace& space, GaussianProcess process)
    : space_(&space),
      process_(std::move(process)),
      best_(-std::numeric_limits<double>::infinity()) {
  for (const std::vector<double>& point : process_.observations().points)
    best_ = std::max(best_, process_.predict(point).mean);
}

GaussianProcess::Prediction TrialModel::predict(const Point& point) const {
  return process_.predict(space_->features(point));
}

BayesSearch::BayesSearch(SearchTask task, const BayesSearchOptions& options)
    : TrialSearch(std::move(task)), options_(options) {
  check_options("bayes", options);
}

std::optional<Point> BayesSearch::suggest(int64_t draw) {
  const SearchSpace& space = task().space;
  const auto trial = static_cast<int64_t>(trials().size());
  Rng rng = next_rng(draw);
  const auto spread = [&] {
    return draw == 0 ? scrambled_halton(trial, space.size(), Rng(task().seed)) : random_point(rng);
  };
  if (trial < options_.initial) return spread();
  const std::optional<TrialModel> model = TrialModel::of(space, trials());
  if (!model) return spread();

  Candidates candidates(space, *model, trials());
  for (int i = 0; i < random_candidates; ++i) candidates.consider(random_point(rng));
  std::vector<const Trial*> best = ranked(trials());
  best.resize(std::min(best.size(), changed_trials));
  for (const Trial* near : best)
    for (int i = 0; i < changes_of_each; ++i)
      candidates.consider(changed(near->point, math::pow(0.1, 1 + 2 * rng.uniform()), rng));
  if (!candidates.best()) return random_point(rng);
  for (int step = 0; step < refinements; ++step)
    for (int i = 0; i < tries; ++i)
      candidates.consider(changed(*candidates.best(), 0.2 * math::pow(0.6, step), rng));
  return candidates.best();
}

}  // namespace gradus::optim
