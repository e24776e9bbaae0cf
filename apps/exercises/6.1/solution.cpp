// Exercise 6.1: two dense layers without a ReLU between them are one layer.
#include <gradus.hpp>

namespace gd = gradus;
using gd::layers::Dense;

struct OneLayer {
  gd::Tensor weight;  // (outputs, inputs)
  gd::Tensor bias;    // (outputs)
};

// The layer that computes second(first(x)) for every x: W₂(W₁x + b₁) + b₂ = W₂W₁x + (W₂b₁ + b₂).
OneLayer joined(const Dense& first, const Dense& second) {
  return {gd::matmul(second.weight, first.weight),
          gd::matmul(second.weight, first.bias) + second.bias};
}
