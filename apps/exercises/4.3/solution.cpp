// Exercise 4.3: backpropagation through any number of layers.
#include <gradus.hpp>

namespace gd = gradus;

// The gradients of the mean cross-entropy by all weights, in their order. weights[i] is (outputs,
// inputs), there are no biases, and relu stands between the layers but not after the last one.
// Don't use autograd.
gd::Tensors gradients(const gd::Tensors& weights, const gd::Tensor& x, const gd::Tensor& labels) {
  gd::Tensors inputs{x};  // of each layer
  for (std::size_t i = 0; i + 1 < weights.size(); ++i)
    inputs.push_back(gd::relu(gd::matmul(inputs[i], weights[i].t())));
  const gd::Tensor logits = gd::matmul(inputs.back(), weights.back().t());
  gd::Tensor delta =
      (logits.softmax(1) - gd::one_hot(labels, logits.size(1))) / static_cast<double>(x.size(0));
  gd::Tensors result(weights.size());
  for (std::size_t i = weights.size(); i-- > 0;) {
    result[i] = gd::matmul(delta.t(), inputs[i]);
    // relu(z) is positive where z is.
    delta = gd::matmul(delta, weights[i]) * (inputs[i] > 0).to(gd::DType::f32);
  }
  return result;
}
