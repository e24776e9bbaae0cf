// Hint: as in the chapter, but with another slope. The slope of tanh at z₁ is 1 − h², since h =
// tanh(z₁).
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  exercise::expect_near("hidden_error([[2]], [[3]], [[0.5]])",
                        hidden_error(gd::Tensor::from({{2.f}}), gd::Tensor::from({{3.f}}),
                                     gd::Tensor::from({{0.5f}})),
                        gd::Tensor::from({{4.5f}}));
  gd::Rng rng(1);
  const gd::Tensor delta2 = gd::randn({5, 3}, rng), w2 = gd::randn({3, 4}, rng);
  const gd::Tensor z1 = gd::randn({5, 4}, rng).set_requires_grad();
  const gd::Tensor h = gd::tanh(z1);
  gd::matmul(h, w2.t()).backward(delta2);
  exercise::expect_near("the error of 5 samples and 4 units", hidden_error(delta2, w2, h.detach()),
                        z1.grad());
}
