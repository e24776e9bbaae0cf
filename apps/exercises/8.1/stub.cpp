// Exercise 8.1: how long the steps with momentum become.
#include <gradus.hpp>

namespace gd = gradus;

// The length of step number n = 1, 2, … if every gradient is g: v ← μ·v + g, and the step is lr·v.
// v starts at 0.
double step_length(int n, double momentum, double lr, double g) {
  return 0;
}

// The length that the steps approach, without a loop.
double final_length(double momentum, double lr, double g) {
  return 0;
}
