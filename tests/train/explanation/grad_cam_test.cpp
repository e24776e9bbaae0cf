// grad_cam, convolutions.
#include "train/explanation/grad_cam.hpp"

#include <doctest/doctest.h>

#include "core/ops/elementwise.hpp"
#include "core/ops/image_operations.hpp"
#include "core/ops/shape.hpp"
#include "layers/activation.hpp"
#include "layers/convolution.hpp"
#include "layers/dense.hpp"
#include "layers/dropout.hpp"
#include "layers/flatten.hpp"
#include "layers/pooling.hpp"
#include "layers/residual.hpp"
#include "layers/sequential.hpp"
#include "tests/refuses.hpp"
#include "tests/same_bits.hpp"

using namespace gradus;
using testing::refuses;
using testing::same_bits;

namespace {

// Two maps, each the input times a number; every `stride`-th pixel.
layers::Conv2d two_maps(float first, float second, int64_t stride = 1) {
  Rng rng(1);
  layers::Conv2d conv(
      {.in_channels = 1, .out_channels = 2, .kernel = 1, .stride = stride, .bias = false}, rng);
  conv.weight = layers::Parameter(Tensor::from<float>({first, second}, {2, 1, 1, 1}));
  return conv;
}

// Scores that are weighted means of two maps: (1, 3) for class 0, (-1, -1) for class 1.
layers::Sequential means_of_maps(const layers::Conv2d& conv) {
  Rng rng(1);
  layers::Dense dense(2, 2, rng, {.bias = false});
  dense.weight = layers::Parameter(Tensor::from<float>({1, 3, -1, -1}, {2, 2}));
  return layers::Sequential{conv, layers::AdaptiveAvgPool2d(1), layers::Flatten(), dense};
}

Tensor class_of(int64_t c) {
  return Tensor::from<int64_t>({c}, {1});
}

}  // namespace

TEST_CASE(
    "Grad-CAM of a network that ends in the mean of its maps is the weighted sum of the maps") {
  layers::Sequential model = means_of_maps(two_maps(2, -1));
  const Tensor x = Tensor::from<float>({8, -8, 16, 0, 4, 24}, {1, 1, 2, 3});
  // α = w/6: (1·2 − 3·1)/6 = −1/6 for class 0, (−1·2 + 1·1)/6 = −1/6 for class 1.
  for (const int64_t c : {0, 1}) {
    const Tensor map = train::grad_cam(model, x, class_of(c));
    CHECK(map.shape() == Shape{1, 2, 3});
    CHECK(map.data<float>()[1] == doctest::Approx(8. / 6));
    CHECK(map.data<float>()[0] == 0);
    CHECK(map.data<float>()[5] == 0);
  }
  layers::Sequential other = means_of_maps(two_maps(2, 1));
  const Tensor map = train::grad_cam(other, x, class_of(0));
  CHECK(map.data<float>()[5] == doctest::Approx(24 * 5. / 6));
  CHECK(map.data<float>()[1] == 0);
}

TEST_CASE("Grad-CAM has the size of the input") {
  layers::Sequential model = means_of_maps(two_maps(1, 1, 2));
  Rng rng(2);
  const Tensor x = abs(randn({1, 1, 6, 8}, rng));
  const Tensor small = slice(slice(x, 2, 0, 6, 2), 3, 0, 8, 2) * (4. / 12);
  const Tensor expected = interpolate(small, {.size = {6, 8}, .mode = Interpolation::bilinear});
  const Tensor map = train::grad_cam(model, x, class_of(0));
  REQUIRE(map.shape() == Shape{1, 6, 8});
  for (int64_t i = 0; i < map.numel(); ++i)
    CHECK(map.data<float>()[i] == doctest::Approx(expected.data<float>()[i]).epsilon(1e-5));
}

TEST_CASE("Grad-CAM takes the last convolution with places, or the layer that is named") {
  Rng rng(3);
  const auto conv = [&](int64_t in, int64_t out, int64_t kernel) {
    return layers::Conv2d({.in_channels = in, .out_channels = out, .kernel = kernel}, rng);
  };
  layers::Sequential model{conv(1, 4, 3),
                           layers::ReLU(),
                           layers::Residual(layers::Sequential{conv(4, 4, 1), layers::ReLU()}),
                           layers::MaxPool2d(2),
                           conv(4, 6, 3),
                           layers::Flatten(),
                           layers::Dense(6, 3, rng)};
  const std::vector<std::string> paths = train::convolutions(model);
  CHECK(paths == std::vector<std::string>{"0", paths.at(1), "4"});
  CHECK(paths[1].starts_with("2."));
  const Tensor x = randn({2, 1, 8, 8}, rng), classes = Tensor::from<int64_t>({2, 0}, {2});
  const auto map_of = [&](const std::string& layer) {
    return train::grad_cam(model, x, classes, {.layer = layer});
  };
  // Layer 4 returns one pixel.
  CHECK(same_bits(map_of(""), map_of(paths[1])));
  CHECK_FALSE(same_bits(map_of(""), map_of("0")));
  CHECK_FALSE(same_bits(map_of("1"), map_of("0")));
  const Tensor flat = map_of("4");
  for (int64_t i = 0; i < 128; ++i) CHECK(flat.data<float>()[i] == flat.data<float>()[i / 64 * 64]);
  // Of each sample by itself.
  const Tensor second = train::grad_cam(model, slice(x, 0, 1, 2), class_of(0));
  for (int64_t i = 0; i < 64; ++i)
    CHECK(map_of("").data<float>()[64 + i] ==
          doctest::Approx(second.data<float>()[i]).epsilon(1e-5));
}

TEST_CASE("Grad-CAM leaves the model as it is") {
  Rng rng(4);
  layers::Sequential model{two_maps(2, 1), layers::Dropout(0.5, rng), layers::Flatten(),
                           layers::Dense(32, 2, rng)};
  const NoGrad no_grad;
  const Tensor x = randn({1, 1, 4, 4}, rng), map = train::grad_cam(model, x, class_of(1));
  CHECK(same_bits(map, train::grad_cam(model, x, class_of(1))));
  CHECK_FALSE(map.requires_grad());
  CHECK(model.is_training());
  CHECK(model[1].is_training());
  CHECK_FALSE(grad_enabled());
  for (const auto& [name, tensor] : model.named_parameters()) {
    CHECK(tensor.requires_grad());
    CHECK_FALSE(tensor.grad().defined());
  }
}

TEST_CASE("Wrong arguments of Grad-CAM are refused") {
  layers::Sequential model = means_of_maps(two_maps(1, 1));
  const Tensor x = Tensor::ones({1, 1, 4, 4});
  refuses(
      [&] {
        train::grad_cam(model, Tensor::ones({1, 4}), class_of(0));
      },
      "[grad_cam] inputs must be images (N, C, H, W), got (1, 4)");
  refuses([&] { train::grad_cam(model, x, class_of(2)); },
          "[grad_cam] class at position 0 must be 0 to 1, got 2");
  refuses([&] { train::grad_cam(model, x, class_of(0), {.layer = "conv"}); },
          "[grad_cam] unknown layer 'conv': the convolutions are 0");
  refuses([&] { train::grad_cam(model, x, class_of(0), {.layer = "3"}); },
          "[grad_cam] layer 3 must return maps (1, K, h, w), got (1, 2)");
  Rng rng(1);
  layers::Sequential dense{layers::Flatten(), layers::Dense(16, 2, rng)};
  refuses([&] { train::grad_cam(dense, x, class_of(0)); },
          "[grad_cam] the model has no convolution: Sequential(Flatten(), Dense(16, 2))");
}
