#include "apps/lab/network.hpp"

#include <algorithm>

#include "layers/activation.hpp"
#include "layers/convolution.hpp"
#include "layers/dense.hpp"
#include "layers/flatten.hpp"
#include "layers/norm/normalization.hpp"
#include "layers/norm/weight_normalizations.hpp"
#include "layers/pooling.hpp"

namespace gradus::lab {

using namespace gradus::layers;

static AnyModule normalization(const std::string& scheme, const Shape& features, int64_t steps) {
  if (scheme == "group") return make_normalization("group:4", features);
  if (scheme != "batch-renorm") return make_normalization(scheme, features);
  const layers::BatchRenormLayerOptions options{
      .momentum = 0.1, .plain_steps = steps / 8, .r_steps = steps / 2, .d_steps = steps / 3};
  if (features.rank() == 3) return BatchRenorm2d(features[0], options);
  return BatchRenorm1d(features[0], options);
}

Sequential small_network(const data::Dataset& data, const std::string& scheme, int64_t steps,
                         Rng& rng) {
  const std::vector<std::string> weight_schemes = names(weight_normalizations());
  const bool of_weights =
      std::find(weight_schemes.begin(), weight_schemes.end(), scheme) != weight_schemes.end();
  Shape shape = data.sample_shape();
  require(shape.rank() == 3 && shape[1] >= 10 && shape[2] >= 10, "small_network",
          "needs images (C, H, W) of 10×10 pixels or more, got samples {}", shape);
  Sequential model;
  const auto add = [&](AnyModule layer, const Shape& features) {
    model.push_back(std::move(layer));
    if (!of_weights) model.push_back(normalization(scheme, features, steps));
    model.push_back(ReLU());
    shape = features;
  };
  for (const int64_t channels : {8, 16}) {
    add(Conv2d({.in_channels = shape[0], .out_channels = channels, .kernel = 3}, rng),
        {channels, shape[1] - 2, shape[2] - 2});
    model.push_back(MaxPool2d(2));
    shape = {channels, shape[1] / 2, shape[2] / 2};
  }
  model.push_back(Flatten());
  for (int layer = 0; layer < 3; ++layer) add(Dense(shape.numel(), 32, rng), {32});
  model.push_back(Dense(32, data.classes(), rng));
  if (of_weights) normalize_weights(model, scheme);
  return model;
}

Sequential dense_network(const data::Dataset& data, Rng& rng) {
  return Sequential{Flatten(), Dense(data.sample_shape().numel(), 32, rng), ReLU(),
                    Dense(32, data.classes(), rng)};
}

static void require_mnist_size(const char* network, const data::Dataset& data) {
  require(data.sample_shape() == Shape({1, 28, 28}), network,
          "needs images (1, 28, 28), got samples {}", data.sample_shape());
}

Sequential strided_network(const data::Dataset& data, Rng& rng) {
  require_mnist_size("strided_network", data);
  return Sequential{Conv2d({.in_channels = 1, .out_channels = 8, .kernel = 5, .stride = 2}, rng),
                    ReLU(),
                    Conv2d({.in_channels = 8, .out_channels = 16, .kernel = 3, .stride = 2}, rng),
                    ReLU(),
                    Flatten(),
                    Dense(16 * 5 * 5, data.classes(), rng)};
}

Sequential fast_network(const data::Dataset& data, Rng& rng) {
  require_mnist_size("fast_network", data);
  return Sequential{Conv2d({.in_channels = 1, .out_channels = 24, .kernel = 5}, rng),
                    ReLU(),
                    MaxPool2d(2),
                    Conv2d({.in_channels = 24, .out_channels = 32, .kernel = 3}, rng),
                    ReLU(),
                    MaxPool2d(2),
                    Flatten(),
                    Dense(32 * 5 * 5, 256, rng),
                    ReLU(),
                    Dense(256, data.classes(), rng)};
}

}  // namespace gradus::lab
