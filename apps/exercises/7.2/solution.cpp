// Exercise 7.2: units that start equal stay equal, unless something tells them apart.
#include <gradus.hpp>

namespace gd = gradus;

// Trains a network with one hidden layer. Row i of ∂L/∂W₁ is Σ δᵢ·x with δ = (W₂ᵀ·∂L/∂y) ⊙
// relu′(z): two units with equal rows in W₁ and equal columns in W₂ have equal gradients, in each
// step. Random weights in one of both layers tell them apart.
gd::Tensor first_weight_after_training(const gd::Tensor& w1, const gd::Tensor& w2,
                                       const gd::Tensor& x, const gd::Tensor& labels) {
  gd::Tensor first = w1.clone().set_requires_grad(), second = w2.clone().set_requires_grad();
  gd::Tensor b1 = gd::Tensor::zeros({w1.size(0)}).set_requires_grad();
  gd::Tensor b2 = gd::Tensor::zeros({w2.size(0)}).set_requires_grad();
  gd::optim::SGD optimizer({{"w1", first}, {"b1", b1}, {"w2", second}, {"b2", b2}}, {.lr = 0.5});
  for (int step = 0; step < 50; ++step) {
    optimizer.zero_grad();
    const gd::Tensor h = gd::relu(gd::linear(x, first, b1));
    gd::cross_entropy(gd::linear(h, second, b2), labels).backward();
    optimizer.step();
  }
  return first.detach();
}

// How many different rows a weight has: each row counts unless it is the same as an earlier one.
int64_t different_rows(const gd::Tensor& weight) {
  int64_t count = 0;
  for (int64_t i = 0; i < weight.size(0); ++i) {
    bool is_new = true;
    for (int64_t j = 0; j < i; ++j)
      is_new = is_new && gd::amax(gd::abs(weight[i] - weight[j])).item() > 0.001;
    count += is_new;
  }
  return count;
}
