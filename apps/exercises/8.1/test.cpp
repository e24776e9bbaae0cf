// Hint: v is g after the first step and μ·g + g after the second. In the end v = μ·v + g: solve
// this for v.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

// The length of the library's step number n.
double length_by_library(int n, double momentum, double lr, double g) {
  gd::Tensor theta = gd::Tensor::from({0.0}).set_requires_grad();
  gd::optim::SGD optimizer({{"theta", theta}}, {.lr = lr, .momentum = momentum});
  double before = 0;
  for (int step = 1; step <= n; ++step) {
    before = theta.item();
    theta.set_grad(gd::Tensor::from({g}));  // the same slope everywhere
    optimizer.step();
  }
  return before - theta.item();
}

void check() {
  const auto expect_length = [](int n, double momentum, double lr, double g, double right) {
    exercise::expect_near(fmt::format("step_length({}, {}, {}, {})", n, momentum, lr, g),
                          step_length(n, momentum, lr, g), right, 1e-5 * right);
  };
  expect_length(1, 0.9, 0.1, 2, 0.2);
  expect_length(2, 0.9, 0.1, 2, 0.38);
  expect_length(3, 0.5, 1, 1, 1.75);
  for (const int n : {1, 10, 100})
    for (const double momentum : {0.5, 0.9})
      expect_length(n, momentum, 0.01, 3, length_by_library(n, momentum, 0.01, 3));

  for (const double momentum : {0.0, 0.5, 0.9}) {
    const double right = length_by_library(200, momentum, 0.01, 3);
    exercise::expect_near(fmt::format("final_length({}, 0.01, 3)", momentum),
                          final_length(momentum, 0.01, 3), right, 1e-3 * right);
    fmt::print("momentum {}: steps become {:.3g} times as long\n", momentum,
               final_length(momentum, 0.01, 3) / step_length(1, momentum, 0.01, 3));
  }
}
