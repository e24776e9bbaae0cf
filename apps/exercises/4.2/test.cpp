// Hint: the inputs are to the hidden layer what the hidden layer is to the last one: δ₁ goes back
// through W₁ as δ₂ goes back through W₂, without an activation function in between. The loss is a
// mean over n samples, so δ₂ has the factor 1/n.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

// A unit with the weights (1, 2); two classes with the weights 2 and −2 and the biases −2 and 2.
// For x = (1, 0) the unit is 1 and both scores are 0, so δ₂ is (−½, ½) for class 0.
static void check_small() {
  const Network net{gd::Tensor::from({{1.f, 2.f}}), gd::Tensor::zeros({1}),
                    gd::Tensor::from({{2.f}, {-2.f}}), gd::Tensor::from({-2.f, 2.f})};
  exercise::expect_near(
      "the gradient by x = (1, 0), class 0, with W₁ = (1, 2), W₂ = (2), (−2) and b₂ = (−2, 2),",
      input_gradient(net, gd::Tensor::from({{1.f, 0.f}}), gd::Tensor::from({0})),
      gd::Tensor::from({{-2.f, -4.f}}));
  // The mean over two samples: each counts half. In the second one the unit is 0.
  exercise::expect_near(
      "the gradient by the same and by x = (−1, 0), class 0,",
      input_gradient(net, gd::Tensor::from({{1.f, 0.f}, {-1.f, 0.f}}), gd::Tensor::from({0, 0})),
      gd::Tensor::from({{-1.f, -2.f}, {0.f, 0.f}}));
}

void check() {
  check_small();
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
