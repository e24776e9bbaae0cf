// Exercise 1.1: the two derivatives whose product is y − t.
#include <gradus.hpp>

double sigmoid(double z) {
  return 1 / (1 + std::exp(-z));
}

// ∂L/∂y of the cross-entropy L = −(t·ln y + (1 − t)·ln(1 − y)), for y between 0 and 1.
double loss_by_y(double y, double t) {
  return -t / y + (1 - t) / (1 - y);
}

// ∂y/∂z of the sigmoid y = 1/(1 + e⁻ᶻ), for any z: e⁻ᶻ/(1 + e⁻ᶻ)², which is y(1 − y).
double y_by_z(double z) {
  const double y = sigmoid(z);
  return y * (1 - y);
}

// ∂L/∂z, for any z. The product is (−t(1 − y) + (1 − t)y)/(y(1 − y)) · y(1 − y) = y − t. Where y is
// 0, the product would be 0/0 and the difference isn't.
double loss_by_z(double z, double t) {
  return sigmoid(z) - t;
}
