// Exercise 4.2: which inputs change the loss.
#include <gradus.hpp>

namespace gd = gradus;

struct Network {
  gd::Tensor w1, b1, w2, b2;  // (hidden, inputs), (hidden), (classes, hidden), (classes)
};

// The gradient of the mean cross-entropy by the inputs x (n, inputs). The hidden layer has relu, as
// in the chapter. Don't use autograd.
gd::Tensor input_gradient(const Network& net, const gd::Tensor& x, const gd::Tensor& labels) {
  return gd::Tensor::zeros(x.shape());
}
