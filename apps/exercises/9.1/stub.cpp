// Exercise 9.1: the size of a weight before batch normalization.
#include <gradus.hpp>

namespace gd = gradus;

// Batch normalization, without γ and β, of z = x·Wᵀ: x is a batch (N, inputs), w is (outputs,
// inputs), and the result is (N, outputs). gd::linear(x, w) computes z.
gd::Tensor normalized(const gd::Tensor& x, const gd::Tensor& w) {
  return gd::linear(x, w);
}

// The gradient, with respect to w, of the loss Σ c·y with y = normalized(x, w). w requires a
// gradient; c is (N, outputs).
gd::Tensor gradient(const gd::Tensor& x, const gd::Tensor& w, const gd::Tensor& c) {
  return w.detach();
}

// The weight is multiplied by `scale` (100, say), then plain descent takes a step w ← w − lr·∂L/∂w.
// How does the relative change of the weight, ‖step‖/‖w‖, differ from that for the original weight?
// Returns the factor.
double factor_of_relative_change(double scale) {
  return 0;
}
