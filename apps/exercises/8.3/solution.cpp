// Exercise 8.3: the largest rate in the ravine, without momentum and with it.
#include <gradus.hpp>

namespace gd = gradus;

// f(θ) = ½(θ₁² + 100·θ₂²) after so many steps of gradient descent with momentum from θ = (1, 1):
// v ← μ·v + g, θ ← θ − lr·v.
double f_after(int steps, double lr, double momentum) {
  double theta[2] = {1, 1}, v[2] = {0, 0};
  const double curvature[2] = {1, 100};
  for (int step = 0; step < steps; ++step)
    for (int i = 0; i < 2; ++i) {
      v[i] = momentum * v[i] + curvature[i] * theta[i];
      theta[i] -= lr * v[i];
    }
  return 0.5 * (theta[0] * theta[0] + 100 * theta[1] * theta[1]);
}

// The largest rate, to 1 %, at which f doesn't grow: halves the interval in which it is. The result
// is 2(1 + μ)/100.
double largest_rate(double momentum) {
  double converges = 0.001, diverges = 0.1;
  while (diverges > 1.001 * converges) {
    const double middle = (converges + diverges) / 2;
    if (f_after(200, middle, momentum) < f_after(0, middle, momentum))
      converges = middle;
    else
      diverges = middle;
  }
  return converges;
}
