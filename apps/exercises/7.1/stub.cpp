// Exercise 7.1: how much layers with ReLU shrink or enlarge a signal.
#include <gradus.hpp>

namespace gd = gradus;

// The factor by which `layers` layers with ReLU change the size of a signal, the root of its mean
// square, by the formula of the chapter. Each layer has as many inputs as outputs, `units`, and its
// weights have the standard deviation sigma.
double factor_by_formula(double sigma, int64_t units, int layers) {
  return 0;
}

// The same factor, measured: sends 500 random samples of `units` numbers through `layers` layers
// with new random weights and returns the size after them divided by the size before.
// gd::linear(x, w) is x·wᵀ.
double factor_measured(double sigma, int64_t units, int layers, gd::Rng& rng) {
  return 0;
}
