// Exercise 8.3: the largest rate in the ravine, without momentum and with it.
#include <gradus.hpp>

namespace gd = gradus;

// f(θ) = ½(θ₁² + 100·θ₂²) after so many steps of gradient descent with momentum from θ = (1, 1):
// v ← μ·v + g, θ ← θ − lr·v. You may compute the gradient by hand or by autograd.
double f_after(int steps, double lr, double momentum) {
  return 0;
}

// The largest rate, to 1 %, at which f doesn't grow: measure it with f_after(200, …). It is
// between 0.001 and 0.1.
double largest_rate(double momentum) {
  return 0;
}
