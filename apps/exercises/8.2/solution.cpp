// Exercise 8.2: how long Adam's steps are.
#include <gradus.hpp>

namespace gd = gradus;

// Adam for one weight θ, which starts at 0, with β₁ = 0.9, β₂ = 0.999 and ε = 1e-8. `gradients` are
// those of the steps 1, 2, … Returns θ after the last one. If `corrected` is false, m and s are not
// divided by 1 − βᵗ: the first step is then 0.1·g/√(0.001·g²) = 3.2 times as long as the rate.
double adam(const std::vector<double>& gradients, double lr, bool corrected) {
  double theta = 0, m = 0, s = 0;
  int t = 0;
  for (const double g : gradients) {
    ++t;
    m = 0.9 * m + 0.1 * g;
    s = 0.999 * s + 0.001 * g * g;
    const double mean = corrected ? m / (1 - std::pow(0.9, t)) : m;
    const double mean_square = corrected ? s / (1 - std::pow(0.999, t)) : s;
    theta -= lr * mean / (std::sqrt(mean_square) + 1e-8);
  }
  return theta;
}
