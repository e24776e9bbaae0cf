#include "optim/search/evolution.hpp"

namespace gradus::optim {

OptionTable<EvolutionSearchOptions> EvolutionSearchOptions::table() {
  return {{"population", &EvolutionSearchOptions::population, range::count,
           "number of newest trials that can be parents"},
          {"sample", &EvolutionSearchOptions::sample, range::count,
           "number drawn from the population; the best is the parent"}};
}

EvolutionSearch::EvolutionSearch(SearchTask task, const EvolutionSearchOptions& options)
    : TrialSearch(std::move(task)), options_(options) {
  check_options("evolution", options);
}

void EvolutionSearch::learn(int64_t trial) {
  population_.push_back(trial);
  if (std::ssize(population_) > options_.population) population_.pop_front();
}

std::optional<Point> EvolutionSearch::suggest(int64_t draw) {
  constexpr double deviation = 0.1;
  Rng rng = next_rng(draw);
  if (std::ssize(population_) < options_.population) return random_point(rng);
  const Trial* parent = nullptr;
  for (int64_t i = 0; i < options_.sample; ++i) {
    const int64_t drawn = population_[static_cast<std::size_t>(rng.below(options_.population))];
    const Trial& trial = trials()[static_cast<std::size_t>(drawn)];
    if (!parent || comparable(*trial.value) > comparable(*parent->value)) parent = &trial;
  }
  return changed(parent->point, deviation, rng);
}

}  // namespace gradus::optim
