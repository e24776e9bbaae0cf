// Exercise 13.2: how far back a gradient reaches.
#include <gradus.hpp>

// The derivative of h_k by h₀, for hₜ = tanh(u·hₜ₋₁).
double factor_through_time(double u, double h0, int steps) {
  return 0;
}

// A u between 0.5 and 1.5 for which the factor of 100 steps from h₀ = 0 is 1.
double u_that_remembers() {
  return 0;
}
