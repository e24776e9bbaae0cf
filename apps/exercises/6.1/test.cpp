// Hint: write the second layer around the first one, W₂(W₁x + b₁) + b₂, and multiply out.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  gd::Rng rng(1);
  Dense first(5, 7, rng), second(7, 3, rng);
  const OneLayer one = joined(first, second);
  exercise::expect(one.weight.defined() && one.bias.defined(),
                   "the layer has no weight or no bias");
  exercise::expect(
      one.weight.shape() == gd::Shape{3, 5} && one.bias.shape() == gd::Shape{3},
      fmt::format("a layer from 5 to 3 has a weight (3, 5) and a bias (3), not {} and {}",
                  one.weight.shape(), one.bias.shape()));
  const gd::Tensor x = gd::randn({10, 5}, rng);
  exercise::expect_near("the layer of 10 random vectors", gd::linear(x, one.weight, one.bias),
                        second(first(x)));
}
