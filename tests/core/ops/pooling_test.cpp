#include "core/ops/pooling.hpp"

#include <doctest/doctest.h>

#include "core/gradcheck.hpp"
#include "core/random.hpp"

using namespace gradus;

TEST_CASE("pooling has first and second derivatives") {
  Rng rng(1);
  const Tensors inputs{randn({2, 3, 7, 6}, rng, DType::f64).set_requires_grad()};
  const PoolingOptions overlapping{
      .kernel = {3, 2}, .stride = {2, 1}, .padding = 1, .ceil_mode = true};
  const PoolingOptions inside{.kernel = 3, .stride = 2, .padding = 1, .count_include_pad = false};
  const std::vector<Function> functions{
      [&](const Tensors& t) { return max_pool2d(t[0]); },
      [&](const Tensors& t) { return max_pool2d(t[0], overlapping); },
      [&](const Tensors& t) { return avg_pool2d(t[0], overlapping); },
      [&](const Tensors& t) { return avg_pool2d(t[0], inside); },
      [&](const Tensors& t) {
        return adaptive_avg_pool2d(t[0], {3, 4});
      },
      [&](const Tensors& t) {
        return adaptive_max_pool2d(t[0], {3, 4});
      }};
  for (const Function& function : functions) {
    auto result = gradcheck(function, inputs);
    CHECK_MESSAGE(result.passed, result.message);
    result = gradgradcheck(function, inputs);
    CHECK_MESSAGE(result.passed, result.message);
  }
}

TEST_CASE("the 2×2 kernel agrees with the general one, NaN included") {
  Rng rng(2);
  Tensor x = randn({3, 2, 9, 11}, rng);
  for (const int64_t at : {0, 13, 14, 30, 100}) x.mutable_data<float>()[at] = NAN;
  // ceil_mode selects the general kernel and adds a window at the end, which the comparison leaves
  // out.
  const Tensor fast = max_pool2d(x), general = max_pool2d(x, {.ceil_mode = true});
  for (int64_t plane = 0; plane < 6; ++plane)
    for (int64_t i = 0; i < 4; ++i)
      for (int64_t j = 0; j < 5; ++j) {
        const float a = fast.data<float>()[(plane * 4 + i) * 5 + j];
        const float b = general.data<float>()[(plane * 5 + i) * 6 + j];
        CHECK((a == b || (a != a && b != b)));
      }
}

TEST_CASE("in ceil mode a window may extend beyond an image that is smaller than the kernel") {
  const Tensor x = Tensor::from(std::vector<float>{1, 2, 3, 5}, {1, 1, 2, 2}).set_requires_grad();
  const PoolingOptions wide{.kernel = {2, 3}, .ceil_mode = true};
  const Tensor largest = max_pool2d(x, wide), mean = avg_pool2d(x, wide);
  CHECK(largest.shape() == Shape{1, 1, 1, 1});
  CHECK(largest.item() == 5);
  CHECK(mean.item() == 2.75);
  largest.backward();
  CHECK(x.grad().to_vector<float>() == std::vector<float>{0, 0, 0, 1});
  // Windows start at multiples of the stride: with stride 1 none of them starts inside the image.
  CHECK_THROWS_WITH(max_pool2d(x, {.kernel = {2, 3}, .stride = 1, .ceil_mode = true}),
                    "[max_pool2d] the kernel must not be larger than the padded image: kernel 3, "
                    "image 2 (padding 0)");
}

TEST_CASE("pooling refuses wrong shapes and options") {
  const Tensor x = Tensor::zeros({1, 3, 4, 4});
  CHECK_THROWS_WITH_AS(max_pool2d(x, {.kernel = 5}),
                       "[max_pool2d] the kernel must not be larger than the padded image: kernel "
                       "5, image 4 (padding 0)",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(avg_pool2d(x, {.kernel = 2, .padding = 2}),
                       "[avg_pool2d] padding must be 0 to half of the kernel: padding 2, kernel 2",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(adaptive_avg_pool2d(x, 0),
                       "[adaptive_avg_pool2d] an image of at least 1 pixel and 1 to 10^9 windows "
                       "are needed: 4 pixels, 0 windows",
                       std::invalid_argument);
}

TEST_CASE("in ceil_mode no window begins beyond the image") {
  const Tensor x = reshape(Tensor::arange(9, DType::f64), {1, 1, 3, 3});
  const Tensor y = max_pool2d(x, {.kernel = 2, .stride = 3, .ceil_mode = true});
  CHECK(y.shape() == Shape{1, 1, 1, 1});
  CHECK(y.item() == 4);
  CHECK(max_pool2d(x, {.kernel = 2, .ceil_mode = true}).to_vector<double>() ==
        std::vector<double>{4, 5, 7, 8});
}
