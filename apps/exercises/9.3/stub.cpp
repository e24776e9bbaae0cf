// Exercise 9.3: layer normalization.
#include <gradus.hpp>

namespace gd = gradus;

// Layer normalization of a batch x (N, units): mean and variance are those over the units of one
// image. ε is 1e-5 as in the chapter's formula; γ and β are (units). The result is (N, units).
gd::Tensor layer_norm(const gd::Tensor& x, const gd::Tensor& gamma, const gd::Tensor& beta) {
  return x;
}
