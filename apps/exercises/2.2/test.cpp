// Hint: the flattest curvature has a minus sign before the root. The loop is that of the chapter's
// descend, with another condition: |w − slope| > 0.001, and fewer than 10,000 steps so far.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

static double slope_by_formula(const gd::Tensor& x, const gd::Tensor& y) {
  const gd::Tensor dx = x - gd::mean(x), dy = y - gd::mean(y);
  return gd::sum(dx * dy).item() / gd::sum(dx * dx).item();
}

static int right_steps(const gd::Tensor& x, const gd::Tensor& y, double lr) {
  double w = 0, b = 0;
  int steps = 0;
  for (; std::abs(w - slope_by_formula(x, y)) > 0.001 && steps < 10'000; ++steps) {
    const gd::Tensor error = w * x + b - y;
    w -= lr * 2 * gd::mean(error * x).item();
    b -= lr * 2 * gd::mean(error).item();
  }
  return steps;
}

static void check_curvatures() {
  const gd::Tensor x = gd::Tensor::from({1.0, 3.0});
  exercise::expect_near("centred x for x = (1, 3)", centred(x), gd::Tensor::from({-1.0, 1.0}));
  const Curvatures given = curvatures_of(x);  // a = 10, c = 4, d = 2
  exercise::expect_near("the steepest curvature for x = (1, 3)", given.steepest,
                        6 + std::sqrt(32.0), 1e-6);
  exercise::expect_near("the flattest curvature for x = (1, 3)", given.flattest,
                        6 - std::sqrt(32.0), 1e-6);
  const Curvatures after = curvatures_of(gd::Tensor::from({-2.0, 2.0}));
  exercise::expect_near("the steepest curvature for x = (−2, 2)", after.steepest, 8, 1e-6);
  exercise::expect_near("the flattest curvature for x = (−2, 2)", after.flattest, 2, 1e-6);
}

void check() {
  check_curvatures();

  gd::Rng rng(1);
  const gd::Tensor x = 3.0 * gd::rand({100}, rng, gd::DType::f64);
  const gd::Tensor y = 2.0 * x + 1.0 + 0.3 * gd::randn({100}, rng, gd::DType::f64);
  struct Bowl {
    double ratio;  // of its curvatures
    int steps;     // at the best rate
  };
  const auto bowl_of = [&](const char* name, const gd::Tensor& some_x) {
    const Curvatures curvatures = curvatures_of(some_x);
    const double best = 2 / (curvatures.steepest + curvatures.flattest);
    const Bowl bowl{curvatures.steepest / curvatures.flattest, steps_needed(some_x, y, best)};
    fmt::print(
        "{:<10} curvatures {:.2f} and {:.2f}, ratio {:5.2f}, {:3} steps at the rate {:.3f}\n", name,
        curvatures.steepest, curvatures.flattest, bowl.ratio, bowl.steps, best);
    exercise::expect_near(fmt::format("the number of steps for {}", name), bowl.steps,
                          right_steps(some_x, y, best), 1);
    return bowl;
  };
  const Bowl before = bowl_of("x", x), after = bowl_of("centred x", centred(x));
  exercise::expect(before.ratio > 15, "the ratio of the curvatures for x should be above 15");
  exercise::expect(after.ratio < 2, "the ratio for a centred x should be below 2");
  exercise::expect(before.steps > 5 * after.steps,
                   "a centred x should take less than a fifth of the steps");
  exercise::expect_near("the number of steps with the rate 0.00001", steps_needed(x, y, 1e-5),
                        10'000, 0);
}
