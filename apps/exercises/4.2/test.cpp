// Hint: the inputs are to the hidden layer what the hidden layer is to the last one: δ₁ goes back
// through W₁ as δ₂ goes back through W₂, without an activation function in between.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  gd::Rng rng(1);
  const Network net{gd::randn({6, 2}, rng), gd::randn({6}, rng), gd::randn({3, 6}, rng),
                    gd::randn({3}, rng)};
  const gd::Tensor x = gd::randn({4, 2}, rng).set_requires_grad(),
                   labels = gd::Tensor::from({0, 2, 1, 1});
  const gd::Tensor h = gd::relu(gd::linear(x, net.w1, net.b1));
  gd::cross_entropy(gd::linear(h, net.w2, net.b2), labels).backward();
  const gd::Tensor got = input_gradient(net, x.detach(), labels);
  exercise::expect_near("the gradient by 4 samples of 2 inputs", got, x.grad());
}
