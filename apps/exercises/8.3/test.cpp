// Hint: the gradient is (θ₁, 100·θ₂). For largest_rate begin with a rate that converges and one
// that diverges; the rate in the middle replaces one of them, and so on. A comparison with NaN is
// false.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  const auto expect_f = [](int steps, double lr, double momentum, double right) {
    exercise::expect_near(fmt::format("f_after({}, {}, {})", steps, lr, momentum),
                          f_after(steps, lr, momentum), right, 1e-5 * (1 + right));
  };
  expect_f(0, 0.01, 0, 50.5);
  expect_f(1, 0.01, 0, 0.5 * 0.99 * 0.99);
  expect_f(1, 0.02, 0, 0.5 * 0.98 * 0.98 + 50);
  // With momentum θ is (0.99, 0) and v is (1, 100) after the first step, (1.89, 90) after the
  // second.
  expect_f(2, 0.01, 0.9, 0.5 * 0.9711 * 0.9711 + 50 * 0.81);

  // A hundredth below the limit f vanishes, a hundredth above it explodes.
  for (const double momentum : {0.0, 0.9}) {
    const double limit = 2 * (1 + momentum) / 100;
    for (const double part : {0.99, 1.01}) {
      const double f = f_after(3000, part * limit, momentum);
      exercise::expect(
          part < 1 ? f < 1e-6 : !(f <= 1e6),
          fmt::format("f_after(3000, {:.4g}, {}) is {:.3g}, it should be {}", part * limit,
                      momentum, f, part < 1 ? "nearly 0" : "very large"));
    }
  }

  for (const double momentum : {0.0, 0.5, 0.9}) {
    const double rate = largest_rate(momentum), right = 2 * (1 + momentum) / 100;
    fmt::print("momentum {}: the largest rate is {:.4f}\n", momentum, rate);
    exercise::expect_near(fmt::format("largest_rate({})", momentum), rate, right, 0.015 * right);
  }
}
