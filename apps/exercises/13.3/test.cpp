// Hint: add the squares of all elements of all gradients, take the root, and divide `longest` by
// it. One common factor keeps the direction of the step.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  const gd::Tensors two{gd::Tensor::from({3.f, 0.f}), gd::Tensor::from({{-4.f}})};
  const gd::Tensors short_enough = clipped(two, 5);
  exercise::expect(short_enough.size() == 2, "there must be as many gradients as before");
  exercise::expect_near("clipped({(3, 0), (−4)}, 5)[0], of length 5,", short_enough[0], two[0]);
  const gd::Tensors half = clipped(two, 2.5);
  exercise::expect_near("clipped({(3, 0), (−4)}, 2.5)[0]", half[0], gd::Tensor::from({1.5f, 0.f}));
  exercise::expect_near("clipped({(3, 0), (−4)}, 2.5)[1]", half[1], gd::Tensor::from({{-2.f}}));
  const gd::Tensors none = clipped({gd::Tensor::zeros({3})}, 1);
  exercise::expect_near("clipped({(0, 0, 0)}, 1)[0]", none[0], gd::Tensor::zeros({3}));

  gd::Rng rng(1);
  const gd::Tensors random{gd::randn({4, 5}, rng), 10 * gd::randn({6}, rng)};
  const gd::Tensors got = clipped(random, 1);
  const double length = std::hypot(gd::norm(random[0]).item(), gd::norm(random[1]).item());
  for (std::size_t i = 0; i < 2; ++i)
    exercise::expect_near(fmt::format("clipped() of random gradients, number {}", i), got[i],
                          random[i] / length);
}
