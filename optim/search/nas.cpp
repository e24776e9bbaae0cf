#include "optim/search/nas.hpp"

#include <cmath>

namespace gradus::optim {

OptionTable<NasSearchOptions> NasSearchOptions::table() {
  return {{"controller_units", &NasSearchOptions::controller_units, range::count,
           "of the recurrent network that chooses"},
          {"controller_lr", &NasSearchOptions::controller_lr, range::positive, "its learning rate"},
          {"entropy", &NasSearchOptions::entropy, range::not_negative,
           "weight of the entropy of its choices"}};
}

NasSearch::NasSearch(SearchTask given, const NasSearchOptions& options)
    : TrialSearch(std::move(given)),
      controller_(task().space,
                  {.units = options.controller_units,
                   .lr = options.controller_lr,
                   .entropy = options.entropy},
                  // Beyond the streams of trials.
                  Rng(task().seed).fork(~uint64_t{0})) {}

std::optional<Point> NasSearch::suggest(int64_t draw) {
  Rng rng = next_rng(draw);
  return controller_.sample(rng);
}

void NasSearch::learn(int64_t trial) {
  double worst = std::numeric_limits<double>::infinity();
  for (const Trial& other : trials())
    if (other.value && std::isfinite(*other.value)) worst = std::min(worst, *other.value);
  if (!std::isfinite(worst)) return;
  const Trial& told = trials()[static_cast<std::size_t>(trial)];
  controller_.learn(told.point, std::isfinite(*told.value) ? *told.value : worst);
}

}  // namespace gradus::optim
