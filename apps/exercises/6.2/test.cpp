// Hint: relu(a − b) is how much larger a is. What has to be added?
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  for (const double a : {2.0, -3.0})
    for (const double b : {1.0, -1.0, 4.0})
      exercise::expect_near(fmt::format("larger({}, {})", a, b),
                            larger(gd::Tensor::scalar(a), gd::Tensor::scalar(b)).item(),
                            std::max(a, b), 1e-6);
  gd::Rng rng(1);
  const gd::Tensor a = gd::randn({100}, rng), b = gd::randn({100}, rng);
  exercise::expect_near("larger(a, b)", larger(a, b), gd::maximum(a, b));
}
