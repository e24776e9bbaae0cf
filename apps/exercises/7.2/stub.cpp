// Exercise 7.2: units that start equal stay equal, unless something tells them apart.
#include <gradus.hpp>

namespace gd = gradus;

// Trains a network with one hidden layer, relu(x·W₁ᵀ + b₁)·W₂ᵀ + b₂, for 50 steps of SGD with the
// rate 0.5 on the cross-entropy of all samples. Returns W₁ after training.
// w1, w2: the initial weights W₁ (hidden, inputs) and W₂ (classes, hidden), which must stay as they
// are: train copies, w1.clone(). The initial biases are 0. x: f32 (N, inputs); labels: i64 (N).
gd::Tensor first_weight_after_training(const gd::Tensor& w1, const gd::Tensor& w2,
                                       const gd::Tensor& x, const gd::Tensor& labels) {
  return w1;
}

// How many different rows a weight has. Two rows are the same if no element differs by more than
// 0.001. weight: f32 (rows, columns).
int64_t different_rows(const gd::Tensor& weight) {
  return 0;
}
