// Hint: what changes if you subtract the largest score of a row from all of them? And ln of the
// softmax is z − ln Σ e^z: write the loss with this difference instead of a logarithm of p.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

// The formulas as they stand give nan here.
static void check_large_scores() {
  const gd::Tensor z = gd::Tensor::from({{0.f, 1000.f}, {-1000.f, -1000.f}});
  exercise::expect_near("softmax of the rows (0, 1000) and (−1000, −1000)", probabilities(z),
                        gd::Tensor::from({{0.f, 1.f}, {0.5f, 0.5f}}));
  const auto loss_at = [](int64_t label) {
    return loss_of(gd::Tensor::from({{0.f, 1000.f}}), gd::Tensor::from<int64_t>({label})).item();
  };
  exercise::expect_near("the loss of the scores (0, 1000) for label 1", loss_at(1), 0, 1e-5);
  exercise::expect_near("the loss of the scores (0, 1000) for label 0", loss_at(0), 1000, 0.01);
}

void check() {
  const auto ln3 = static_cast<float>(std::log(3));
  const gd::Tensor small = gd::Tensor::from({{0.f, ln3}});  // probabilities ¼ and ¾
  const gd::Tensor first = gd::Tensor::from<int64_t>({0});
  exercise::expect_near("softmax of (0, ln 3)", probabilities(small),
                        gd::Tensor::from({{0.25f, 0.75f}}));
  const gd::Tensor loss = loss_of(small, first);
  exercise::expect(loss.defined() && loss.numel() == 1,
                   "the loss is one number, the mean over the rows");
  exercise::expect_near("the loss of (0, ln 3) for label 0", loss.item(), std::log(4), 1e-5);
  exercise::expect_near("∂L/∂z of (0, ln 3) for label 0", gradient_of(small, first),
                        gd::Tensor::from({{-0.75f, 0.75f}}));

  gd::Rng rng(1);
  const gd::Tensor z = (3.0 * gd::randn({8, 10}, rng)).set_requires_grad();
  const gd::Tensor labels = gd::Tensor::from<int64_t>({0, 1, 2, 3, 4, 5, 5, 9});
  const gd::Tensor p = probabilities(z), more = probabilities(z + 100.0);
  exercise::expect_near("softmax of random scores", p, gd::softmax(z, 1));
  exercise::expect_near("softmax of the same scores plus 100", more, p, 1e-4);
  const gd::Tensor right = gd::cross_entropy(z, labels);
  exercise::expect_near("the loss of random scores", loss_of(z, labels).item(), right.item(), 1e-4);
  const gd::Tensor gradient = gradient_of(z, labels);
  exercise::expect_near("∂L/∂z of random scores", gradient, gd::grad({right}, {z})[0]);
  exercise::expect_near("the sums of the rows of ∂L/∂z", gd::sum(gradient, {1}),
                        gd::Tensor::zeros({8}));
  check_large_scores();
}
