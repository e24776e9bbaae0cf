// Exercise 1.1: the two derivatives whose product is y − t.
#include <gradus.hpp>

// ∂L/∂y of the cross-entropy L = −(t·ln y + (1 − t)·ln(1 − y)), for y between 0 and 1.
double loss_by_y(double y, double t) {
  return 0;
}

// ∂y/∂z of the sigmoid y = 1/(1 + e⁻ᶻ), for any z.
double y_by_z(double z) {
  return 0;
}

// ∂L/∂z, for any z: also where y is so close to 0 that a double can't tell it from 0.
double loss_by_z(double z, double t) {
  return 0;
}
