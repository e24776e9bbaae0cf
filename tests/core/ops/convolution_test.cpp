#include "core/ops/convolution.hpp"

#include <doctest/doctest.h>

#include "core/gradcheck.hpp"
#include "core/parallel.hpp"
#include "core/random.hpp"

using namespace gradus;

namespace {

struct Case {
  Shape x, weight;
  ConvolutionOptions options;
};

const std::vector<Case> cases{
    {{2, 3, 6, 5}, {4, 3, 3, 3}, {}},
    {{2, 4, 7, 6}, {6, 2, 3, 2}, {.stride = {2, 1}, .padding = {1, 2}, .groups = 2}},
    {{1, 2, 8, 9}, {2, 2, 3, 3}, {.stride = 2, .padding = 3, .dilation = {2, 3}}},
    {{2, 3, 4, 4}, {5, 3, 1, 1}, {}},
    {{2, 3, 4, 4}, {3, 1, 3, 3}, {.padding = 1, .groups = 3}},
};

// The definition, one sum an output.
double output(const Tensor& x, const Tensor& w, const ConvolutionOptions& o, int64_t n, int64_t k,
              int64_t i, int64_t j) {
  const int64_t channels = w.size(1), group = k / (w.size(0) / o.groups);
  double total = 0;
  for (int64_t c = 0; c < channels; ++c)
    for (int64_t r = 0; r < w.size(2); ++r)
      for (int64_t s = 0; s < w.size(3); ++s) {
        const int64_t row = i * o.stride.height - o.padding.height + r * o.dilation.height;
        const int64_t column = j * o.stride.width - o.padding.width + s * o.dilation.width;
        if (row < 0 || row >= x.size(2) || column < 0 || column >= x.size(3)) continue;
        total += x.data<double>()[((n * x.size(1) + group * channels + c) * x.size(2) + row) *
                                      x.size(3) +
                                  column] *
                 w.data<double>()[((k * channels + c) * w.size(2) + r) * w.size(3) + s];
      }
  return total;
}

}  // namespace

TEST_CASE("conv2d equals its definition") {
  Rng rng(1);
  for (const Case& c : cases) {
    const Tensor x = randn(c.x, rng, DType::f64), weight = randn(c.weight, rng, DType::f64);
    const Tensor bias = randn({c.weight[0]}, rng, DType::f64);
    const Tensor y = conv2d(x, weight, bias, c.options);
    const double* got = y.data<double>();
    for (int64_t n = 0; n < y.size(0); ++n)
      for (int64_t k = 0; k < y.size(1); ++k)
        for (int64_t i = 0; i < y.size(2); ++i)
          for (int64_t j = 0; j < y.size(3); ++j)
            REQUIRE(*got++ == doctest::Approx(output(x, weight, c.options, n, k, i, j) +
                                              bias.data<double>()[k]));
  }
}

TEST_CASE("convolutions have first and second derivatives by input, weight and bias") {
  Rng rng(2);
  for (const Case& c : cases) {
    const auto leaf = [&](const Shape& shape) {
      return randn(shape, rng, DType::f64).set_requires_grad();
    };
    const Tensors inputs{leaf(c.x), leaf(c.weight), leaf({c.weight[0]})};
    const Function convolution = [&](const Tensors& t) {
      return conv2d(t[0], t[1], t[2], c.options);
    };
    auto result = gradcheck(convolution, inputs);
    CHECK_MESSAGE(result.passed, result.message);
    result = gradgradcheck(convolution, inputs);
    CHECK_MESSAGE(result.passed, result.message);
    const Tensors transposed{leaf(c.x.with(1, c.weight[0])), leaf(c.weight),
                             leaf({c.weight[1] * c.options.groups})};
    const Function transpose = [&](const Tensors& t) {
      return conv_transpose2d(t[0], t[1], t[2],
                              {.stride = c.options.stride, .groups = c.options.groups});
    };
    result = gradcheck(transpose, transposed);
    CHECK_MESSAGE(result.passed, result.message);
    result = gradgradcheck(transpose, transposed);
    CHECK_MESSAGE(result.passed, result.message);
  }
}

TEST_CASE("conv2d says what doesn't fit") {
  const Tensor x = Tensor::zeros({8, 3, 28, 28});
  CHECK_THROWS_WITH_AS(
      conv2d(x, Tensor::zeros({32, 1, 5, 5})),
      "[conv2d] input has 3 channels, weight expects 1: input (8, 3, 28, 28), weight (32, 1, 5, 5)",
      std::invalid_argument);
  CHECK_THROWS_WITH_AS(conv2d(x, Tensor::zeros({32, 3, 5, 5}), {}, {.stride = 0}),
                       "[conv2d] stride is 1 or more, got 0", std::invalid_argument);
  CHECK_THROWS_WITH_AS(
      conv2d(x, Tensor::zeros({32, 3, 31, 5}), {}, {.padding = 1}),
      "[conv2d] the window doesn't fit into the padded image: input (8, 3, 28, 28), "
      "weight (32, 3, 31, 5), padding 1, dilation 1",
      std::invalid_argument);
  CHECK_THROWS_WITH_AS(conv_transpose2d(x, Tensor::zeros({3, 4, 2, 2}), {}, {.stride = 2}, 2),
                       "[conv_transpose2d] output_padding is 0 or more and smaller than stride or "
                       "dilation, got 2",
                       std::invalid_argument);
}
