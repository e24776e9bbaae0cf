// Exercise 9.1: the size of a weight before batch normalization.
#include <gradus.hpp>

namespace gd = gradus;

// Batch normalization, without γ and β, of z = x·Wᵀ: x is a batch (N, inputs), w is (outputs,
// inputs), and the result is (N, outputs).
gd::Tensor normalized(const gd::Tensor& x, const gd::Tensor& w) {
  const gd::Tensor z = gd::linear(x, w);
  const gd::Tensor mean = gd::mean(z, {0});
  const gd::Tensor variance = gd::mean(gd::square(z - mean), {0});
  return (z - mean) / gd::sqrt(variance + 1e-5);
}

// The gradient, with respect to w, of the loss Σ c·y with y = normalized(x, w).
gd::Tensor gradient(const gd::Tensor& x, const gd::Tensor& w, const gd::Tensor& c) {
  return gd::grad({gd::sum(c * normalized(x, w))}, {w})[0];
}

// The output doesn't change, so the gradient is 1/scale of the original one, and the weight is
// `scale` times as large: a large weight is nearly frozen.
double factor_of_relative_change(double scale) {
  return 1 / (scale * scale);
}
