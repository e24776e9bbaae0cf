// Exercise 14.1: the gradients of an attention head.
#include <gradus.hpp>

namespace gd = gradus;

// The weights A = softmax(Q·Kᵀ/√d) of a head without a mask, for q and k (n, steps, d).
gd::Tensor weights_of(const gd::Tensor& q, const gd::Tensor& k) {
  return (gd::matmul(q, k.transpose(1, 2)) / std::sqrt(q.size(2))).softmax(2);
}

struct Gradients {
  gd::Tensor q, k, v;  // (n, steps, d)
};

// The gradients of q, k and v for that of y = A·v, `by_y` (n, steps, d). x.transpose(1, 2) is the
// transpose of each of the n matrices; x.sum(2, true) adds each row up, and keeps the axis.
Gradients through_head(const gd::Tensor& q, const gd::Tensor& k, const gd::Tensor& v,
                       const gd::Tensor& by_y) {
  const gd::Tensor a = weights_of(q, k);
  return {gd::zeros_like(q), gd::zeros_like(k), gd::zeros_like(v)};
}
