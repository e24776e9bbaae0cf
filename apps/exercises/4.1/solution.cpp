// Exercise 4.1: the error of a hidden layer with tanh.
#include <gradus.hpp>

namespace gd = gradus;

// The error of the hidden layer h = tanh(z₁): the derivative of the loss by z₁. delta2 (n, classes)
// is the error of the last layer, w2 is (classes, hidden), h is (n, hidden). The derivative of tanh
// is 1 − tanh².
gd::Tensor hidden_error(const gd::Tensor& delta2, const gd::Tensor& w2, const gd::Tensor& h) {
  return gd::matmul(delta2, w2) * (1 - h.square());
}
