// branin: a function to minimize, and searches on it.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "optim/search/search_method.hpp"

namespace gradus::optim {

/// Branin's, of minimum 0.397887 at (−π, 12.275), (π, 2.275) and (9.42478, 2.475).
inline double branin(double x, double y) {
  const double pi = std::numbers::pi;
  const double bend = y - 5.1 / (4 * pi * pi) * x * x + 5 / pi * x - 6;
  return bend * bend + 10 * (1 - 1 / (8 * pi)) * std::cos(x) + 10;
}

/// The search space of Branin's function, with a third parameter that has no effect.
inline SearchTask branin_task(int64_t budget, uint64_t seed) {
  return {SearchSpace("x=uniform(-5,10), y=uniform(0,15), z=uniform(0,1)"), budget, 1, seed};
}

inline double branin(const Configuration& configuration) {
  return branin(std::stod(configuration[0].second), std::stod(configuration[1].second));
}

/// The smallest value that the method finds.
inline double least_branin(const std::string& method, int64_t budget, uint64_t seed,
                           const OptionValues& options = {}) {
  const auto search = search_methods().find(method)(branin_task(budget, seed), options);
  double least = std::numeric_limits<double>::infinity();
  while (const auto job = search->propose()) {
    const double value = branin(job->configuration);
    least = std::min(least, value);
    search->report(job->trial, -value);
  }
  return least;
}

}  // namespace gradus::optim
