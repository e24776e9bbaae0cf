#include "apps/lab/models/network.hpp"

#include "layers/activation.hpp"
#include "layers/convolution.hpp"
#include "layers/dense.hpp"
#include "layers/flatten.hpp"

namespace gradus::lab {

using namespace gradus::layers;

Sequential dense_network(const data::Dataset& data, Rng& rng) {
  return Sequential{Flatten(), Dense(data.sample_shape().numel(), 32, rng), ReLU(),
                    Dense(32, data.classes(), rng)};
}

Sequential strided_network(const data::Dataset& data, Rng& rng) {
  require(data.sample_shape() == Shape({1, 28, 28}), "strided_network",
          "needs images (1, 28, 28), got samples {}", data.sample_shape());
  return Sequential{Conv2d({.in_channels = 1, .out_channels = 8, .kernel = 5, .stride = 2}, rng),
                    ReLU(),
                    Conv2d({.in_channels = 8, .out_channels = 16, .kernel = 3, .stride = 2}, rng),
                    ReLU(),
                    Flatten(),
                    Dense(16 * 5 * 5, data.classes(), rng)};
}

}  // namespace gradus::lab
