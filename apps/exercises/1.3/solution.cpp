// Exercise 1.3: the squared error barely moves a neuron that is wrong and sure of it.
#include <gradus.hpp>

// ∂L/∂z of the squared error L = (y − t)² with y = σ(z): nothing cancels the slope of the sigmoid,
// y(1 − y), which is close to 0 where z is far from 0.
double slope_of_squared_error(double z, double t) {
  const double y = 1 / (1 + std::exp(-z));
  return 2 * (y - t) * y * (1 - y);
}

// How many steps z ← z − slope(z, 1) it takes from the given z until the neuron's answer for the
// target 1 is right: until y is above ½, which is until z is above 0.
int steps_until_right(double z, double (*slope)(double z, double t)) {
  int steps = 0;
  for (; z <= 0; ++steps) z -= slope(z, 1);
  return steps;
}
