// Exercise 13.3: clipping the gradient.
#include <gradus.hpp>

namespace gd = gradus;

// The gradients, all multiplied by one number, so that the root of the sum of all their squares is
// at most `longest`. Gradients that are short enough stay as they are.
gd::Tensors clipped(const gd::Tensors& gradients, double longest) {
  return gradients;
}
