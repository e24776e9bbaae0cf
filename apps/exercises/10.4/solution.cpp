// Exercise 10.4: evaluation without dropout, and the mean over all masks.
#include <gradus.hpp>

namespace gd = gradus;

// A unit has the output Σ wᵢ·xᵢ, after a ReLU if `with_relu` is true; `products` are the wᵢ·xᵢ.
// Dropout with probability p changes the inputs in one of 2ⁿ ways: each xᵢ becomes 0 or xᵢ/(1 − p).
// Returns the mean output over all of them, weighted with their probabilities. Without a ReLU it is
// Σ wᵢ·xᵢ, the output in evaluation; with one it is larger, since a ReLU cuts negative sums off.
double mean_over_masks(const std::vector<double>& products, double p, bool with_relu) {
  double mean = 0;
  for (unsigned mask = 0; mask < 1u << products.size(); ++mask) {
    double probability = 1, sum = 0;
    for (std::size_t i = 0; i < products.size(); ++i) {
      const bool kept = mask >> i & 1;
      probability *= kept ? 1 - p : p;
      if (kept) sum += products[i] / (1 - p);
    }
    mean += probability * (with_relu ? std::max(sum, 0.0) : sum);
  }
  return mean;
}
