// Exercise 7.3: the backward pass depends on the number of outputs.
#include <gradus.hpp>

// The factor by which a layer changes the mean square of a gradient in the backward pass. An
// element of Wᵀ·∂L/∂z is a sum over the outputs. relu′ is 0 for half of the outputs, which halves
// it. With He's weights from 400 units to 100, σ² = 2/400, it is ½, and ¼ with a ReLU.
double backward_factor(int64_t inputs, int64_t outputs, double sigma, bool relu) {
  return static_cast<double>(outputs) * sigma * sigma / (relu ? 2 : 1);
}

// The sigma for which this factor is 1.
double sigma_that_keeps(int64_t inputs, int64_t outputs, bool relu) {
  return std::sqrt((relu ? 2.0 : 1.0) / static_cast<double>(outputs));
}
