// Exercise 1.3: the squared error barely moves a neuron that is wrong and sure of it.
#include <gradus.hpp>

// ∂L/∂z of the squared error L = (y − t)² with y = σ(z).
double slope_of_squared_error(double z, double t) {
  return 0;
}

// How many steps z ← z − slope(z, 1) it takes from the given z until the neuron's answer for the
// target 1 is right: until y is above ½. slope(z, t) is the ∂L/∂z of a loss.
int steps_until_right(double z, double (*slope)(double z, double t)) {
  return 0;
}
