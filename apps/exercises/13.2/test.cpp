// Hint: each step multiplies by the slope of tanh at its sum, 1 − hₜ², and by u. At h₀ = 0 all
// states are 0.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  exercise::expect_near("factor_through_time(0.5, 0, 3)", factor_through_time(0.5, 0, 3), 0.125,
                        1e-12);
  exercise::expect_near("factor_through_time(2, 1, 0)", factor_through_time(2, 1, 0), 1, 1e-12);
  fmt::print("derivative after 1, 10 and 100 steps from h = 0.5\n");
  for (const double u : {0.5, 1.0, 1.5}) {
    fmt::print("u = {}:", u);
    for (const int steps : {1, 10, 100}) {
      const gd::Tensor h0 = gd::Tensor::from({0.5}).set_requires_grad();
      gd::Tensor h = h0;
      for (int t = 0; t < steps; ++t) h = gd::tanh(u * h);
      const double right = gd::grad({h}, {h0})[0].item(), got = factor_through_time(u, 0.5, steps);
      fmt::print(" {:.2e}", got);
      exercise::expect_near(fmt::format("factor_through_time({}, 0.5, {})", u, steps), got, right,
                            1e-9 + 1e-6 * std::abs(right));
    }
    fmt::print("\n");
  }
  const double u = u_that_remembers();
  exercise::expect_near(fmt::format("the factor of 100 steps from 0 with u = {}", u),
                        std::pow(u, 100), 1, 1e-3);
}
