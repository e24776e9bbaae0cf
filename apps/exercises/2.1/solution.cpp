// Exercise 2.1: the gradient of the mean squared error by hand.
#include <gradus.hpp>

namespace gd = gradus;

struct Gradient {
  double by_w, by_b;
};

// ∂L/∂w = 2/n · Σ (w·xᵢ + b − yᵢ)·xᵢ and ∂L/∂b = 2/n · Σ (w·xᵢ + b − yᵢ). x, y: f64 (n).
Gradient gradient_of(const gd::Tensor& x, const gd::Tensor& y, double w, double b) {
  const gd::Tensor error = w * x + b - y;
  return {2 * gd::mean(error * x).item(), 2 * gd::mean(error).item()};
}
