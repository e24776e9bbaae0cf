#include "optim/search/importance.hpp"

#include "optim/search/bayes.hpp"
#include "optim/search/random_search.hpp"

namespace gradus::optim {

std::vector<double> importance(const SearchSpace& space, const std::vector<Trial>& trials) {
  constexpr int64_t samples = 512;
  const std::optional<TrialModel> model = TrialModel::of(space, trials);
  if (!model) return {};
  double sum = 0, squares = 0;
  std::vector<double> effects(space.size());
  for (int64_t n = 0; n < samples; ++n) {
    // The two halves of one point are two independent points.
    const Point both = scrambled_halton(n, 2 * space.size(), Rng(0));
    const Point point(both.begin(), both.begin() + std::ssize(space));
    const double value = model->predict(point).mean;
    sum += value;
    squares += value * value;
    for (std::size_t i = 0; i < space.size(); ++i) {
      Point other = point;
      other[i] = both[space.size() + i];
      const double difference = value - model->predict(other).mean;
      effects[i] += difference * difference / 2;
    }
  }
  const double variance = squares - sum * sum / samples;
  for (double& effect : effects) effect = variance > 0 ? std::min(1.0, effect / variance) : 0;
  return effects;
}

}  // namespace gradus::optim
