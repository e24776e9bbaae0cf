// Hint: keep the input of each layer on the way forward. On the way back, a layer with the error δ
// and the input h has the gradient δᵀ·h, and the layer before it has the error (δ·W) ⊙ (h > 0).
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  gd::Rng rng(1);
  for (const std::vector<int64_t>& widths :
       {std::vector<int64_t>{3, 4}, {3, 5, 4}, {3, 6, 5, 7, 4}}) {
    gd::Tensors weights;
    for (std::size_t i = 0; i + 1 < widths.size(); ++i)
      weights.push_back(gd::randn({widths[i + 1], widths[i]}, rng).set_requires_grad());
    const gd::Tensor x = gd::randn({8, 3}, rng), labels = gd::randint(0, 4, {8}, rng);
    gd::Tensor y = x;
    for (std::size_t i = 0; i < weights.size(); ++i)
      y = gd::matmul(i > 0 ? gd::relu(y) : y, weights[i].t());
    gd::cross_entropy(y, labels).backward();
    gd::Tensors plain;
    for (const gd::Tensor& weight : weights) plain.push_back(weight.detach());
    const gd::Tensors got = gradients(plain, x, labels);
    exercise::expect(got.size() == weights.size(), "there must be a gradient for each weight");
    for (std::size_t i = 0; i < got.size(); ++i)
      exercise::expect_near(fmt::format("the gradient of weight {} of {}", i + 1, weights.size()),
                            got[i], weights[i].grad());
  }
}
