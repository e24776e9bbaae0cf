// Exercise 10.4: evaluation without dropout, and the mean over all masks.
#include <gradus.hpp>

namespace gd = gradus;

// A unit has the output Σ wᵢ·xᵢ, after a ReLU if `with_relu` is true; `products` are the wᵢ·xᵢ.
// Dropout with probability p changes the inputs in one of 2ⁿ ways: each xᵢ becomes 0 or xᵢ/(1 − p).
// Returns the mean output over all of them, weighted with their probabilities.
double mean_over_masks(const std::vector<double>& products, double p, bool with_relu) {
  return 0;
}
