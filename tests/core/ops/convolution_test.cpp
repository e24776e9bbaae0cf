#include "core/ops/convolution.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "core/autograd.hpp"
#include "core/gradcheck.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/pooling.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
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

// The definition, one sum per output.
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

// The definition with both its gradients, one product after the other.
struct Definition {
  Definition(const Tensor& x, const Tensor& w, const Tensor& g, const ConvolutionOptions& o)
      : y(static_cast<std::size_t>(g.numel())),
        dx(static_cast<std::size_t>(x.numel())),
        dw(static_cast<std::size_t>(w.numel())) {
    const int64_t channels = w.size(1), filters = w.size(0) / o.groups;
    int64_t out = 0;
    for (int64_t n = 0; n < g.size(0); ++n)
      for (int64_t k = 0; k < g.size(1); ++k)
        for (int64_t i = 0; i < g.size(2); ++i)
          for (int64_t j = 0; j < g.size(3); ++j, ++out)
            for (int64_t c = 0; c < channels; ++c)
              for (int64_t r = 0; r < w.size(2); ++r)
                for (int64_t s = 0; s < w.size(3); ++s) {
                  const int64_t row =
                      i * o.stride.height - o.padding.height + r * o.dilation.height;
                  const int64_t column =
                      j * o.stride.width - o.padding.width + s * o.dilation.width;
                  if (row < 0 || row >= x.size(2) || column < 0 || column >= x.size(3)) continue;
                  const int64_t channel = k / filters * channels + c;
                  const auto at = static_cast<std::size_t>(
                      ((n * x.size(1) + channel) * x.size(2) + row) * x.size(3) + column);
                  const auto weight = static_cast<std::size_t>(
                      ((k * channels + c) * w.size(2) + r) * w.size(3) + s);
                  y[static_cast<std::size_t>(out)] +=
                      x.data<double>()[at] * w.data<double>()[weight];
                  dx[at] += g.data<double>()[out] * w.data<double>()[weight];
                  dw[weight] += g.data<double>()[out] * x.data<double>()[at];
                }
  }

  std::vector<double> y, dx, dw;
};

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

TEST_CASE_TEMPLATE("the fast paths of conv2d equal its definition", T, float, double) {
  // Strips, lines and tiles with all kinds of ends; windows deeper than a pass; few and many
  // filters.
  const std::vector<Case> larger{
      {{3, 1, 28, 28}, {32, 1, 3, 3}, {}},
      {{3, 1, 28, 28}, {6, 1, 5, 5}, {.padding = 2}},
      {{2, 8, 14, 14}, {64, 8, 3, 3}, {.padding = 1}},
      {{1, 64, 7, 7}, {70, 64, 3, 3}, {.padding = 1}},
      {{2, 48, 9, 8}, {52, 24, 3, 2}, {.padding = {1, 0}, .groups = 2}},
      {{2, 3, 5, 5}, {30, 3, 3, 3}, {}},
      {{20, 2, 5, 70}, {4, 2, 2, 2}, {}},
      {{2, 5, 11, 11}, {40, 5, 3, 3}, {.stride = 2, .padding = 1}},
      {{2, 5, 12, 11}, {62, 5, 3, 3}, {.stride = {2, 3}, .padding = 1}},
      {{2, 40, 8, 6}, {128, 20, 4, 4}, {.padding = 2, .groups = 2}},
      {{2, 16, 6, 5}, {64, 16, 1, 1}, {}},
      {{3, 3, 9, 12}, {35, 3, 4, 13}, {.stride = {1, 2}, .padding = 6, .dilation = {2, 1}}},
      {{2, 4, 12, 10}, {32, 2, 3, 3}, {.padding = 2, .dilation = {1, 2}, .groups = 2}},
      // Vectors along images, with a partial last one; windows outside the image.
      {{37, 6, 14, 14}, {16, 6, 5, 5}, {}},
      {{33, 16, 9, 5}, {6, 8, 5, 3}, {.padding = {2, 3}, .dilation = {1, 2}, .groups = 2}},
      {{18, 32, 4, 4}, {3, 32, 5, 5}, {.padding = 6}},
      // Minimal filtering: odd and even results, blocks that end in the middle of an image.
      {{3, 16, 20, 21}, {33, 16, 3, 3}, {.padding = 1}},
      {{2, 31, 26, 25}, {18, 31, 3, 3}, {}},
      {{40, 16, 7, 7}, {32, 16, 3, 3}, {.padding = 1}},
      {{9, 20, 9, 15}, {26, 20, 3, 3}, {.padding = 2}},
      {{40, 16, 5, 5}, {33, 16, 3, 3}, {.padding = {0, 3}}},
      {{31, 16, 5, 7}, {32, 16, 3, 3}, {.padding = {3, 1}}},
  };
  constexpr DType dtype = sizeof(T) == 4 ? DType::f32 : DType::f64;
  const double tolerance = sizeof(T) == 4 ? 1e-5 : 1e-13;
  Rng rng(9);
  for (const Case& c : larger) {
    const Tensor x = randn(c.x, rng, dtype).set_requires_grad();
    const Tensor weight = randn(c.weight, rng, dtype).set_requires_grad();
    const Tensor bias = randn({c.weight[0]}, rng, dtype);
    const Tensor y = conv2d(x, weight, bias, c.options), g = randn(y.shape(), rng, dtype);
    y.backward(g);
    const auto as_f64 = [](const Tensor& t) { return cast(t.detach(), DType::f64); };
    const Definition expected(as_f64(x), as_f64(weight), as_f64(g), c.options);
    const auto check = [&](const Tensor& got, const std::vector<double>& values, double terms) {
      const std::vector<T> numbers = got.to_vector<T>();
      REQUIRE(numbers.size() == values.size());
      double worst = 0;
      for (std::size_t i = 0; i < values.size(); ++i)
        worst = std::max(worst, std::abs(static_cast<double>(numbers[i]) - values[i]));
      CAPTURE(to_string(c.x));
      CAPTURE(to_string(c.weight));
      CHECK(worst < tolerance * std::sqrt(terms));
    };
    const auto terms = [](int64_t count) { return static_cast<double>(count); };
    const Tensor without_bias = y - reshape(bias, {bias.numel(), 1, 1});
    check(without_bias.detach(), expected.y, terms(weight.numel() / c.weight[0]));
    check(x.grad(), expected.dx, terms(weight.numel() / c.weight[1]));
    check(weight.grad(), expected.dw, terms(y.numel() / c.weight[0]));
  }
}

TEST_CASE("convolutions have the same bits for any number of threads") {
  const int before = num_threads();
  Rng rng(4);
  for (const Case& c : {Case{{9, 3, 28, 28}, {8, 3, 5, 5}, {.padding = 2}},
                        Case{{25, 16, 14, 14}, {32, 16, 3, 3}, {.padding = 1}},
                        Case{{25, 16, 13, 13}, {24, 16, 3, 3}, {.stride = 2}},
                        Case{{40, 6, 14, 14}, {16, 6, 5, 5}, {}}}) {
    Tensor x = randn(c.x, rng).set_requires_grad(), w = randn(c.weight, rng).set_requires_grad();
    const Tensor g = randn(conv2d(x, w, {}, c.options).shape(), rng);
    std::vector<std::vector<float>> results[2];
    for (const int threads : {1, 3}) {
      set_num_threads(threads);
      const Tensor y = conv2d(x, w, {}, c.options);
      const Tensors gradients = grad({y}, {x, w}, {.grad_outputs = {g}});
      results[threads / 2] = {y.to_vector<float>(), gradients[0].to_vector<float>(),
                              gradients[1].to_vector<float>()};
    }
    CHECK(results[0] == results[1]);
  }
  set_num_threads(before);
}

TEST_CASE("convolutions have first and second derivatives of input, weight and bias") {
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

TEST_CASE("conv2d refuses wrong shapes and options") {
  const Tensor x = Tensor::zeros({8, 3, 28, 28});
  CHECK_THROWS_WITH_AS(conv2d(x, Tensor::zeros({32, 1, 5, 5})),
                       "[conv2d] the input must have the weight's 1 channels, got 3: input (8, 3, "
                       "28, 28), weight (32, 1, 5, 5)",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(conv2d(x, Tensor::zeros({32, 3, 5, 5}), {}, {.stride = 0}),
                       "[conv2d] stride must be 1 or more, got 0", std::invalid_argument);
  CHECK_THROWS_WITH_AS(conv2d(x, Tensor::zeros({32, 3, 31, 5}), {}, {.padding = 1}),
                       "[conv2d] the kernel must not be larger than the padded image: kernel 31×5 "
                       "(dilation 1), image 28×28 (padding 1)",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(
      conv_transpose2d(x, Tensor::zeros({3, 4, 2, 2}), {}, {.stride = 2}, 2),
      "[conv_transpose2d] output_padding must be smaller than stride or dilation, got 2",
      std::invalid_argument);
}

TEST_CASE("errors of conv1d name conv1d and show its shapes") {
  const auto check = [](const Tensor& x, const Tensor& weight, const Tensor& bias,
                        const Convolution1dOptions& options, const char* message) {
    CHECK_THROWS_WITH_AS(conv1d(x, weight, bias, options), message, std::invalid_argument);
  };
  const Tensor x = Tensor::zeros({2, 3, 8}), weight = Tensor::zeros({4, 3, 5});
  check(x, Tensor::zeros({4, 3}), {}, {},
        "[conv1d] input must be (N, C, L) and weight (K, C/groups, k), got (2, 3, 8) and (4, 3)");
  check(x, Tensor::zeros({4, 2, 5}), {}, {},
        "[conv1d] the input must have the weight's 2 channels, got 3: input (2, 3, 8), weight (4, "
        "2, 5)");
  check(x, Tensor::zeros({4, 3, 0}), {}, {}, "[conv1d] kernel must be 1 or more, got 0");
  check(x, Tensor::zeros({4, 3, 9}), {}, {},
        "[conv1d] the kernel must not be larger than the padded sequence: kernel 9 (dilation 1), "
        "sequence 8 (padding 0)");
  check(x, weight, {}, {.stride = 0}, "[conv1d] stride must be 1 or more, got 0");
  check(x, weight, {}, {.padding = -1}, "[conv1d] padding must be 0 or more, got -1");
  check(Tensor::zeros({2, 6, 8}), weight, {}, {.dilation = 3, .groups = 2},
        "[conv1d] the kernel must not be larger than the padded sequence: kernel 5 (dilation 3), "
        "sequence 8 (padding 0)");
  check(Tensor::zeros({2, 9, 8}), weight, {}, {.groups = 3},
        "[conv1d] groups must divide the filters: 3 groups, 4 filters");
  check(x, weight, Tensor::zeros({3}), {}, "[conv1d] bias must be (4), got (3)");
  check(x, Tensor::zeros({4, 3, 5}, DType::f64), {}, {},
        "[conv1d] all types must be equal: input f32, weight f64");
  check(Tensor::zeros({2, 3, 8}, DType::i64), Tensor::zeros({4, 3, 5}, DType::i64), {}, {},
        "[conv1d] needs f32 or f64, got i64");
}

TEST_CASE("options of convolutions and pooling that could overflow are refused") {
  constexpr int64_t huge = std::numeric_limits<int64_t>::max();
  const Tensor x = Tensor::zeros({1, 1, 8, 8}), weight = Tensor::zeros({1, 1, 3, 3});
  for (const ConvolutionOptions& options :
       {ConvolutionOptions{.stride = huge}, ConvolutionOptions{.padding = huge},
        ConvolutionOptions{.dilation = huge}, ConvolutionOptions{.groups = huge}}) {
    CHECK_THROWS_WITH_AS(conv2d(x, weight, {}, options),
                         doctest::Contains("must be 10^9 or less, got 9223372036854775807"),
                         std::invalid_argument);
    CHECK_THROWS_WITH_AS(conv_transpose2d(x, weight, {}, options),
                         doctest::Contains("must be 10^9 or less, got 9223372036854775807"),
                         std::invalid_argument);
  }
  CHECK_THROWS_WITH(
      conv_transpose2d(x, weight, {}, {}, huge),
      "[conv_transpose2d] output_padding must be 10^9 or less, got 9223372036854775807");
  CHECK_THROWS_WITH(max_pool2d(x, {.kernel = huge}),
                    "[max_pool2d] kernel must be 10^9 or less, got 9223372036854775807");
  CHECK_THROWS_WITH(avg_pool2d(x, {.kernel = 2, .stride = huge}),
                    "[avg_pool2d] stride must be 10^9 or less, got 9223372036854775807");
}

TEST_CASE("output padding outside all windows is 0, for any stride and dilation") {
  // The values are PyTorch's.
  const Tensor x = Tensor::ones({1, 1, 2, 3});
  const Tensor y =
      conv_transpose2d(x, Tensor::ones({1, 1, 1, 2}), {},
                       {.stride = 1, .padding = Pair(0, 2), .dilation = Pair(1, 2)}, Pair(0, 1));
  CHECK(y.shape() == Shape{1, 1, 2, 2});
  CHECK(y.to_vector<float>() == std::vector<float>{2, 1, 2, 1});
  const Tensor pointwise =
      conv_transpose2d(x, Tensor::full({1, 1, 1, 1}, 3), {}, {.dilation = Pair(1, 2)}, Pair(0, 1));
  CHECK(pointwise.shape() == Shape{1, 1, 2, 4});
  CHECK(pointwise.to_vector<float>() == std::vector<float>{3, 3, 3, 0, 3, 3, 3, 0});
}

TEST_CASE("transposed convolutions with output padding have first and second derivatives") {
  Rng rng(3);
  for (const int64_t kernel : {1, 2, 3})
    for (const int64_t stride : {1, 2})
      for (const int64_t dilation : {1, 2, 3}) {
        if (std::max(stride, dilation) == 1) continue;
        CAPTURE(kernel);
        CAPTURE(stride);
        CAPTURE(dilation);
        const Function call = [&](const Tensors& t) {
          return conv_transpose2d(t[0], t[1], {}, {.stride = stride, .dilation = dilation}, 1);
        };
        const Tensors inputs{randn({2, 2, 3, 4}, rng, DType::f64).set_requires_grad(),
                             randn({2, 3, kernel, kernel}, rng, DType::f64).set_requires_grad()};
        const GradcheckResult first = gradcheck(call, inputs), second = gradgradcheck(call, inputs);
        CHECK_MESSAGE(first.passed, first.message);
        CHECK_MESSAGE(second.passed, second.message);
      }
}

TEST_CASE("without images gradients are zeros, without filters empty") {
  Tensor weight = Tensor::ones({4, 3, 2, 2}).set_requires_grad();
  for (const int64_t stride : {1, 2}) {
    const Tensor x = Tensor::zeros({0, 3, 4, 4}).set_requires_grad();
    weight.zero_grad();
    sum(conv2d(x, weight, {}, {.stride = stride})).backward();
    CHECK(weight.grad().to_vector<float>() == std::vector<float>(48, 0));
    CHECK(x.grad().shape() == x.shape());
  }
  CHECK(conv2d(Tensor::zeros({2, 3, 4, 4}), Tensor::zeros({0, 3, 2, 2})).shape() ==
        Shape{2, 0, 3, 3});
  CHECK_THROWS_WITH(conv2d(Tensor::zeros({2, 3, 4, 4}), Tensor::zeros({1, 3, 0, 2})),
                    "[conv2d] kernel must be 1 or more, got (0, 2)");
}
