// Exercise 7.3: the backward pass depends on the number of outputs.
#include <gradus.hpp>

// The factor by which a layer, z = W·x, changes the mean square of a gradient in the backward pass:
// that of ∂L/∂x = Wᵀ·∂L/∂z divided by that of ∂L/∂z. The weights have the standard deviation sigma.
// With `relu` the layer is relu(W·x), and the factor is that of ∂L/∂x to the gradient of its
// output.
double backward_factor(int64_t inputs, int64_t outputs, double sigma, bool relu) {
  return 0;
}

// The sigma for which this factor is 1.
double sigma_that_keeps(int64_t inputs, int64_t outputs, bool relu) {
  return 0;
}
