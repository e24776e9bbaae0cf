// Hint: x.mean(0) has a number for each column, and x - x.mean(0) subtracts it from each row. The
// deviation is computed from the result in the same way.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  const gd::Tensor marks = gd::Tensor::from({{1.f, 10.f}, {3.f, 10.5f}});
  exercise::expect_near("standardized() of [[1, 10], [3, 10.5]]", standardized(marks),
                        gd::Tensor::from({{-1.f, -1.f}, {1.f, 1.f}}));
  gd::Rng rng(1);
  const gd::Tensor x = 5 * gd::randn({50, 4}, rng) + gd::Tensor::from({1.f, -2.f, 30.f, 4.f});
  const gd::Tensor y = standardized(x);
  exercise::expect(y.defined() && y.shape() == x.shape(), "the result must have the shape of x");
  exercise::expect_near("the mean of each column", y.mean(0), gd::Tensor::zeros({4}));
  exercise::expect_near("the deviation of each column", y.square().mean(0).sqrt(),
                        gd::Tensor::ones({4}));
  exercise::expect((y(gd::Slice{}, 0) * x(gd::Slice{}, 0)).mean().item() > 0,
                   "the columns must keep their signs");
}
