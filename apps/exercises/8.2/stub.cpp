// Exercise 8.2: how long Adam's steps are.
#include <gradus.hpp>

namespace gd = gradus;

// Adam for one weight θ, which starts at 0, with β₁ = 0.9, β₂ = 0.999 and ε = 1e-8. `gradients` are
// those of the steps 1, 2, … Returns θ after the last one. If `corrected` is false, m and s are not
// divided by 1 − βᵗ.
double adam(const std::vector<double>& gradients, double lr, bool corrected) {
  return 0;
}
