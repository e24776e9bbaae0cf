// Exercise 9.3: layer normalization.
#include <gradus.hpp>

namespace gd = gradus;

// Layer normalization of a batch x (N, units): mean and variance are those over the units of one
// image. ε is 1e-5 as in the chapter's formula; γ and β are (units). The result is (N, units). It
// doesn't depend on the other images, so training and evaluation can compute the same.
gd::Tensor layer_norm(const gd::Tensor& x, const gd::Tensor& gamma, const gd::Tensor& beta) {
  const gd::Tensor mean = gd::mean(x, {1}, true);
  const gd::Tensor variance = gd::mean(gd::square(x - mean), {1}, true);
  return gamma * (x - mean) / gd::sqrt(variance + 1e-5) + beta;
}
