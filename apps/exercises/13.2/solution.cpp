// Exercise 13.2: how far back a gradient reaches.
#include <gradus.hpp>

// The derivative of h_k by h₀, for hₜ = tanh(u·hₜ₋₁).
double factor_through_time(double u, double h0, int steps) {
  double h = h0, factor = 1;
  for (int t = 0; t < steps; ++t) {
    h = std::tanh(u * h);
    factor *= (1 - h * h) * u;
  }
  return factor;
}

// A u between 0.5 and 1.5 for which the factor of 100 steps from h₀ = 0 is 1.
double u_that_remembers() {
  return 1;  // at 0 the slope of tanh is 1, and the factor is u^100
}
