// Exercise 12.1: a residual block that starts as a copy.
#include <gradus.hpp>

namespace gd = gradus;
using gd::layers::BatchNorm2d, gd::layers::Conv2d, gd::layers::ReLU, gd::layers::Residual,
    gd::layers::Sequential;

Conv2d convolution(int64_t channels, gd::Rng& rng) {
  return Conv2d({.in_channels = channels, .out_channels = channels, .kernel = 3, .padding = 1},
                rng);
}

// The chapter's block x + F(x), but the weight and the bias of the last convolution of F are 0. All
// other weights are as they are.
Residual copying_block(int64_t channels, gd::Rng& rng) {
  Conv2d last = convolution(channels, rng);
  return Residual(Sequential{BatchNorm2d(channels), ReLU(), convolution(channels, rng),
                             BatchNorm2d(channels), ReLU(), last});
}
