// Exercise 11.1: counting weights.
#include <gradus.hpp>

namespace gd = gradus;

// All weights, biases included, of a convolution with this many input channels, filters, and a
// kernel of size kernel × kernel.
int64_t convolution_weights(int64_t channels, int64_t filters, int64_t kernel) {
  return filters * (channels * kernel * kernel + 1);
}

// All weights, biases included, of a dense layer.
int64_t dense_weights(int64_t inputs, int64_t outputs) {
  return outputs * (inputs + 1);
}

// The weights of the chapter's convolutional network for images (1, size, size) and 10 classes. The
// first convolution has `filters` filters, the second one twice as many; the chapter's numbers are
// 28 and 8. Pooling by 2 drops an odd row and column.
int64_t network_weights(int64_t size, int64_t filters) {
  const int64_t first = (size - 2) / 2, second = (first - 2) / 2;  // after each pooling
  return convolution_weights(1, filters, 3) + convolution_weights(filters, 2 * filters, 3) +
         dense_weights(2 * filters * second * second, 10);
}

// The weights of a dense layer that has the same inputs and outputs as its first convolution.
int64_t dense_weights_instead(int64_t size, int64_t filters) {
  return dense_weights(size * size, filters * (size - 2) * (size - 2));
}
