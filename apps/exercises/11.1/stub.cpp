// Exercise 11.1: counting weights.
#include <gradus.hpp>

namespace gd = gradus;

// All weights, biases included, of a convolution with this many input channels, filters, and a
// kernel of size kernel × kernel.
int64_t convolution_weights(int64_t channels, int64_t filters, int64_t kernel) {
  return 0;
}

// All weights, biases included, of a dense layer.
int64_t dense_weights(int64_t inputs, int64_t outputs) {
  return 0;
}

// The weights of the chapter's convolutional network for images (1, size, size) and 10 classes. The
// first convolution has `filters` filters, the second one twice as many; the chapter's numbers are
// 28 and 8. Pooling by 2 drops an odd row and column.
int64_t network_weights(int64_t size, int64_t filters) {
  return 0;
}

// The weights of a dense layer that has the same inputs and outputs as its first convolution.
int64_t dense_weights_instead(int64_t size, int64_t filters) {
  return 0;
}
