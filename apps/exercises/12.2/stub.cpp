// Exercise 12.2: the derivative of many layers.
#include <gradus.hpp>

namespace gd = gradus;

// The derivative of y with respect to x after so many layers x ← a·x.
double plain_derivative(double a, int layers) {
  return 0;
}

// The same for residual layers x ← x + a·x.
double residual_derivative(double a, int layers) {
  return 0;
}

// Multiplied out, the residual derivative (1 + a)·(1 + a)·… is a sum of 2ⁿ products: each layer
// either copies (the factor 1) or computes (the factor a). Returns the sum of the products in which
// exactly k of the layers compute.
double part_through(int k, double a, int layers) {
  return 0;
}
