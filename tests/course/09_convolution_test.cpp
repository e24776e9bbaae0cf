// 09_convolution_test: solutions to the exercises of docs/course/09_convolution.md.
#include <doctest/doctest.h>

#include <gradus.hpp>

namespace gd = gradus;
using gd::layers::Conv2d, gd::layers::Dense, gd::layers::Flatten, gd::layers::MaxPool2d,
    gd::layers::ReLU, gd::layers::Sequential;

TEST_CASE("Exercise 9.1: counting weights") {
  gd::Rng rng(1);
  Sequential model{Conv2d({.in_channels = 1, .out_channels = 8, .kernel = 3}, rng),
                   ReLU(),
                   MaxPool2d(2),
                   Conv2d({.in_channels = 8, .out_channels = 16, .kernel = 3}, rng),
                   ReLU(),
                   MaxPool2d(2),
                   Flatten(),
                   Dense(16 * 5 * 5, 10, rng)};
  CHECK(model.parameter_count() ==
        8 * (1 * 3 * 3 + 1) + 16 * (8 * 3 * 3 + 1) + 10 * (16 * 5 * 5 + 1));
  // A dense layer from the image to the 8·26·26 outputs of the first convolution:
  CHECK(Dense(28 * 28, 8 * 26 * 26, rng).parameter_count() == (28 * 28 + 1) * 8 * 26 * 26);
}

TEST_CASE("Exercise 9.2: the matrix of a convolution repeats the filter in each row") {
  const gd::Tensor x = gd::Tensor::from<float>({1, 4, 9, 16, 25}, {1, 1, 5});
  const gd::Tensor w = gd::Tensor::from<float>({-1, 0, 1}, {1, 1, 3});
  const gd::Tensor matrix = gd::Tensor::from<float>({-1, 0, 1, 0, 0,  //
                                                     0, -1, 0, 1, 0,  //
                                                     0, 0, -1, 0, 1},
                                                    {3, 5});
  const auto convolved = gd::conv1d(x, w).to_vector<float>();
  CHECK(convolved == std::vector<float>{8, 12, 16});
  CHECK(gd::matmul(matrix, gd::reshape(x, {5})).to_vector<float>() == convolved);
}

TEST_CASE("Exercise 9.3: pooling by 2 commutes with moves by 2, not by 1") {
  gd::Rng rng(1);
  const gd::Tensor x = gd::randn({1, 1, 1, 12}, rng);
  // Moved to the right, filled with zeros; columns beyond the width are dropped.
  const auto moved = [](const gd::Tensor& t, int64_t pixels) {
    return gd::slice(gd::pad(t, {pixels, 0}), 3, 0, t.size(3));
  };
  const gd::PoolingOptions pairs{.kernel = {1, 2}};
  const auto pool = [&](const gd::Tensor& t) { return gd::max_pool2d(t, pairs); };
  CHECK(pool(moved(x, 2)).to_vector<float>() == moved(pool(x), 1).to_vector<float>());
  CHECK(pool(moved(x, 1)).to_vector<float>() != moved(pool(x), 1).to_vector<float>());
  CHECK(pool(moved(x, 1)).to_vector<float>() != pool(x).to_vector<float>());
}
