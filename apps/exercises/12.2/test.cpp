// Hint: each layer contributes one factor. For part_through write (1 + a)·(1 + a)·(1 + a) as a sum:
// 1 + 3·a + 3·a² + a³. The numbers are binomial coefficients, n·(n − 1)·…·(n − k + 1)/k!.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

// The derivative by autograd.
double by_autograd(double a, int layers, bool residual) {
  const gd::Tensor x = gd::Tensor::from({1.0}).set_requires_grad();
  gd::Tensor y = x;
  for (int layer = 0; layer < layers; ++layer) y = residual ? y + a * y : a * y;
  return gd::grad({y}, {x})[0].item();
}

void check() {
  const auto expect_right = [](const std::string& name, double got, double right) {
    exercise::expect_near(name, got, right, 1e-4 * std::abs(right));
  };
  expect_right("plain_derivative(3, 2)", plain_derivative(3, 2), 9);
  expect_right("residual_derivative(3, 2)", residual_derivative(3, 2), 16);
  expect_right("plain_derivative(0.1, 20)", plain_derivative(0.1, 20), 1e-20);
  expect_right("residual_derivative(0.1, 20)", residual_derivative(0.1, 20), 6.7275);
  for (const double a : {-0.5, 0.3, 1.5})
    for (const int layers : {1, 7, 30}) {
      expect_right(fmt::format("plain_derivative({}, {})", a, layers), plain_derivative(a, layers),
                   by_autograd(a, layers, false));
      expect_right(fmt::format("residual_derivative({}, {})", a, layers),
                   residual_derivative(a, layers), by_autograd(a, layers, true));
    }

  // (1 + 2)³ = 1 + 3·2 + 3·4 + 8
  const double of_three[] = {1, 6, 12, 8};
  for (int k = 0; k <= 3; ++k)
    expect_right(fmt::format("part_through({}, 2, 3)", k), part_through(k, 2, 3), of_three[k]);
  expect_right("part_through(1, 0.1, 20)", part_through(1, 0.1, 20), 2);
  expect_right("part_through(2, 0.1, 20)", part_through(2, 0.1, 20), 1.9);
  fmt::print(
      "parts of the derivative of 20 layers with a = 0.1, by the number of those that "
      "compute:\n");
  double sum = 0;
  for (int k = 0; k <= 20; ++k) {
    const double part = part_through(k, 0.1, 20);
    if (k < 6) fmt::print("  {}: {:.4f}\n", k, part);
    sum += part;
  }
  expect_right("the sum of part_through(k, 0.1, 20) over k", sum, by_autograd(0.1, 20, true));
}
