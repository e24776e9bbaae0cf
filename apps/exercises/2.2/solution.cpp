// Exercise 2.2: a centred x makes the curvatures similar and the descent shorter.
#include <gradus.hpp>

namespace gd = gradus;

// x − x̄: the same points, with the mean 0. x: f64 (n).
gd::Tensor centred(const gd::Tensor& x) {
  return x - gd::mean(x);
}

struct Curvatures {
  double steepest, flattest;
};

// The eigenvalues of the matrix (a c; c d) of the chapter. With a centred x, c is 0: they are 2 and
// twice the variance of x.
Curvatures curvatures_of(const gd::Tensor& x) {
  const double a = 2 * gd::mean(x * x).item(), c = 2 * gd::mean(x).item(), d = 2;
  const double root = std::hypot((a - d) / 2, c);
  return {(a + d) / 2 + root, (a + d) / 2 - root};
}

// How many steps gradient descent takes from w = 0, b = 0 until w is within 0.001 of the slope that
// the formula gives; 10,000 if it takes more.
int steps_needed(const gd::Tensor& x, const gd::Tensor& y, double lr) {
  const gd::Tensor dx = x - gd::mean(x), dy = y - gd::mean(y);
  const double slope = gd::sum(dx * dy).item() / gd::sum(dx * dx).item();
  gd::Tensor w = gd::Tensor::scalar(0, gd::DType::f64).set_requires_grad();
  gd::Tensor b = gd::Tensor::scalar(0, gd::DType::f64).set_requires_grad();
  gd::optim::SGD optimizer({{"w", w}, {"b", b}}, {.lr = lr});
  int steps = 0;
  for (; std::abs(w.item() - slope) > 0.001 && steps < 10'000; ++steps) {
    optimizer.zero_grad();
    gd::mean(gd::square(w * x + b - y)).backward();
    optimizer.step();
  }
  return steps;
}
