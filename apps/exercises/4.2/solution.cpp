// Exercise 4.2: which inputs change the loss.
#include <gradus.hpp>

namespace gd = gradus;

struct Network {
  gd::Tensor w1, b1, w2, b2;  // (hidden, inputs), (hidden), (classes, hidden), (classes)
};

// The gradient of the mean cross-entropy by the inputs x (n, inputs). The hidden layer has relu, as
// in the chapter. Don't use autograd.
gd::Tensor input_gradient(const Network& net, const gd::Tensor& x, const gd::Tensor& labels) {
  const gd::Tensor z1 = gd::matmul(x, net.w1.t()) + net.b1;
  const gd::Tensor logits = gd::matmul(gd::relu(z1), net.w2.t()) + net.b2;
  const gd::Tensor target = gd::one_hot(labels, logits.size(1));
  const gd::Tensor delta2 = (logits.softmax(1) - target) / static_cast<double>(x.size(0));
  const gd::Tensor delta1 = gd::matmul(delta2, net.w2) * (z1 > 0).to(gd::DType::f32);
  return gd::matmul(delta1, net.w1);
}
