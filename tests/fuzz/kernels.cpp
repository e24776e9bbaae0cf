// Random shapes of convolutions, pooling, products, normalizations and reductions: through each
// kernel that can serve them, and beside their definitions.
#include <cmath>

#include "core/autograd.hpp"
#include "core/kernels/conv/choose.hpp"
#include "core/kernels/conv/convolution.hpp"
#include "core/kernels/gemm/gemm.hpp"
#include "core/ops/norm/normalization.hpp"
#include "core/ops/pooling.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "core/random.hpp"
#include "tests/fuzz/choices.hpp"
#include "tests/fuzz/target.hpp"

using namespace gradus;
using namespace gradus::kernels;

namespace {

using fuzz::Choices;

// Numbers whose products and sums are exact in f32, unless there are many thousands: kernels may
// add in any order, and still have to agree to the bit.
template <class T>
std::vector<T> small_numbers(int64_t count, Rng& rng) {
  std::vector<T> result(static_cast<std::size_t>(count));
  for (T& value : result) value = static_cast<T>(static_cast<int64_t>(rng.bits() % 9) - 4);
  return result;
}

template <class T>
void require_equal(const std::vector<T>& a, const std::vector<T>& b, const char* what) {
  for (std::size_t i = 0; i < a.size(); ++i)
    fuzz::require(a[i] == b[i], fmt::format("{}: element {} is {}, not {}", what, i, a[i], b[i]));
}

ConvolutionPlan draw_plan(Choices& choices) {
  ConvolutionPlan p{};
  p.groups = choices.one_of<int64_t>({1, 1, 1, 2, 3});
  p.n = choices.one_of<int64_t>({1, 2, 3, 17, 33});
  p.c = p.groups * choices.one_of<int64_t>({1, 2, 3, 5, 16});
  p.k = p.groups * choices.one_of<int64_t>({1, 2, 3, 7, 16, 33});
  p.h = choices.between(1, 12);
  p.w = choices.between(1, 19);
  p.kh = choices.between(1, 5);
  p.kw = choices.between(1, 5);
  p.stride_h = choices.one_of<int64_t>({1, 1, 1, 2, 3});
  p.stride_w = choices.one_of<int64_t>({1, 1, 1, 2, 3});
  p.padding_h = choices.below(5);
  p.padding_w = choices.below(5);
  p.dilation_h = choices.one_of<int64_t>({1, 1, 2, 3});
  p.dilation_w = choices.one_of<int64_t>({1, 1, 2, 3});
  p.oh = (p.h + 2 * p.padding_h - p.dilation_h * (p.kh - 1) - 1) / p.stride_h + 1;
  p.ow = (p.w + 2 * p.padding_w - p.dilation_w * (p.kw - 1) - 1) / p.stride_w + 1;
  const bool fits = p.h + 2 * p.padding_h > p.dilation_h * (p.kh - 1) &&
                    p.w + 2 * p.padding_w > p.dilation_w * (p.kw - 1);
  if (!fits) p.oh = p.ow = 0;
  return p;
}

// Calls visit(output, pixel, weight) for each product of the definition.
template <class Visit>
void for_each_product(const ConvolutionPlan& p, const Visit& visit) {
  const int64_t channels = p.c / p.groups, filters = p.k / p.groups;
  for (int64_t out = 0; out < p.outputs(); ++out) {
    const int64_t j = out % p.ow, i = out / p.ow % p.oh, k = out / p.pixels() % p.k,
                  n = out / p.pixels() / p.k;
    for (int64_t at = 0; at < p.window(); ++at) {
      const int64_t s = at % p.kw, r = at / p.kw % p.kh, c = at / p.kw / p.kh;
      const int64_t row = i * p.stride_h - p.padding_h + r * p.dilation_h;
      const int64_t column = j * p.stride_w - p.padding_w + s * p.dilation_w;
      if (row < 0 || row >= p.h || column < 0 || column >= p.w) continue;
      visit(out, ((n * p.c + k / filters * channels + c) * p.h + row) * p.w + column,
            k * p.window() + at);
    }
  }
}

template <class T>
void try_convolution(Choices& choices, Rng& rng) {
  const ConvolutionPlan p = draw_plan(choices);
  if (p.oh == 0 || p.outputs() * p.window() > 60'000) return;
  const auto x = small_numbers<T>(p.n * p.c * p.h * p.w, rng),
             weight = small_numbers<T>(p.k * p.window(), rng), bias = small_numbers<T>(p.k, rng),
             g = small_numbers<T>(p.outputs(), rng);
  std::vector<T> y(g.size()), dx(x.size()), dw(weight.size());
  for (int64_t out = 0; out < p.outputs(); ++out)
    y[static_cast<std::size_t>(out)] = bias[static_cast<std::size_t>(out / p.pixels() % p.k)];
  for_each_product(p, [&](std::size_t out, std::size_t pixel, std::size_t at) {
    y[out] += x[pixel] * weight[at];
    dx[pixel] += g[out] * weight[at];
    dw[at] += g[out] * x[pixel];
  });

  // What isn't written stays NaN.
  const auto check = [](const std::vector<T>& expected, const char* what, const auto& kernel) {
    std::vector<T> got(expected.size(), std::numeric_limits<T>::quiet_NaN());
    kernel(got.data());
    require_equal(got, expected, what);
  };
  const auto forward = [&](const char* what, const auto& kernel) {
    check(y, what, [&](T* to) { kernel(p, x.data(), weight.data(), bias.data(), to); });
  };
  const auto by_input = [&](const char* what, const auto& kernel) {
    check(dx, what, [&](T* to) { kernel(p, g.data(), weight.data(), to); });
  };
  const auto by_weight = [&](const char* what, const auto& kernel) {
    check(dw, what, [&](T* to) { kernel(p, x.data(), g.data(), to); });
  };
  forward("convolution", convolution<T>);
  by_input("input gradient", convolution_input_gradient<T>);
  by_weight("weight gradient", convolution_weight_gradient<T>);
  forward("columns", column_convolution<T>);
  by_input("columns, input gradient", column_input_gradient<T>);
  by_weight("columns, weight gradient", column_weight_gradient<T>);
  forward("filters", filter_convolution<T>);
  if (p.kw > 1) by_weight("filters, weight gradient", filter_weight_gradient<T>);
  if (!p.is_direct()) return;
  forward("images", image_convolution<T>);
  forward("direct", direct_convolution<T>);
  by_weight("direct, weight gradient", direct_weight_gradient<T>);
  if constexpr (std::is_same_v<T, float>)
    if (p.kh == 3 && p.kw == 3 && p.dilation_h == 1 && p.dilation_w == 1 && p.groups == 1 &&
        p.ow >= 7) {
      forward("winograd", winograd_convolution);
      by_weight("winograd, weight gradient", winograd_weight_gradient);
    }
}

template <class T>
void try_product(Choices& choices, Rng& rng) {
  const int64_t m = choices.below(70), n = choices.below(70);
  const int64_t k = choices.below(70) * (choices.yes() ? 1 : 19);
  const bool left = choices.yes(), right = choices.yes(), adds = choices.yes();
  const int64_t slack = choices.below(3), stride = n + slack;
  const auto a = small_numbers<T>(m * k + 1, rng), b = small_numbers<T>(k * n + 1, rng);
  const auto before = small_numbers<T>(m * stride + 1, rng);
  const Matrix<T> left_matrix{a.data(), left ? m : k, left},
      right_matrix{b.data(), right ? k : n, right};
  std::vector<T> expected = before;
  for (int64_t i = 0; i < m; ++i)
    for (int64_t j = 0; j < n; ++j) {
      T& value = expected[static_cast<std::size_t>(i * stride + j)];
      if (!adds) value = 0;
      for (int64_t at = 0; at < k; ++at)
        value += *left_matrix.from(i, at).data * *right_matrix.from(at, j).data;
    }
  const Update update = adds ? Update::add : Update::replace;
  std::vector<T> got = before;
  gemm(m, n, k, left_matrix, right_matrix, update, got.data(), stride);
  require_equal(got, expected, "gemm");
  const int64_t sums = sums_of_product(k, left_matrix, right_matrix);
  got = before;
  multiply(LeftRows<T>(m, k, left_matrix, sums), n, right_matrix, update, got.data(), stride);
  require_equal(got, expected, "multiply");
  if (k == 0) return;
  got = before;
  PackedMatrix<T>(k, n, right_matrix, sums).multiply(m, left_matrix, update, got.data(), stride);
  require_equal(got, expected, "packed");
}

// Small whole numbers as a tensor.
template <class T>
Tensor small_tensor(const Shape& shape, Rng& rng) {
  return Tensor::from(small_numbers<T>(shape.numel(), rng), shape);
}

template <class T>
void require_near(const Tensor& got, const std::vector<double>& expected, double tolerance,
                  const char* what) {
  const std::vector<T> values = got.detach().template to_vector<T>();
  fuzz::require(values.size() == expected.size(), what);
  for (std::size_t i = 0; i < values.size(); ++i)
    fuzz::require(std::abs(static_cast<double>(values[i]) - expected[i]) <= tolerance,
                  fmt::format("{}: element {} is {}, not {}", what, i, values[i], expected[i]));
}

template <class T>
void try_pooling(Choices& choices, Rng& rng) {
  PoolingOptions o;
  o.kernel = {choices.between(1, 4), choices.between(1, 4)};
  o.stride = {choices.between(1, 3), choices.between(1, 3)};
  o.padding = {choices.below(o.kernel.height / 2 + 1), choices.below(o.kernel.width / 2 + 1)};
  const int64_t h = choices.between(1, 9), w = choices.between(1, 9);
  if (h + 2 * o.padding.height < o.kernel.height || w + 2 * o.padding.width < o.kernel.width)
    return;
  const Tensor x = small_tensor<T>({2, 3, h, w}, rng);
  const Tensor most = max_pool2d(x, o), mean = avg_pool2d(x, o);
  std::vector<double> greatest, sums;
  const int64_t oh = most.size(2), ow = most.size(3);
  for (int64_t at = 0; at < most.numel(); ++at) {
    const int64_t j = at % ow, i = at / ow % oh, plane = at / ow / oh;
    double top = -std::numeric_limits<double>::infinity(), sum = 0;
    for (int64_t r = 0; r < o.kernel.height; ++r)
      for (int64_t s = 0; s < o.kernel.width; ++s) {
        const int64_t row = i * o.stride.height - o.padding.height + r;
        const int64_t column = j * o.stride.width - o.padding.width + s;
        if (row < 0 || row >= h || column < 0 || column >= w) continue;
        const auto value = static_cast<double>(x.data<T>()[(plane * h + row) * w + column]);
        top = std::max(top, value);
        sum += value;
      }
    greatest.push_back(top);
    sums.push_back(sum / static_cast<double>(o.kernel.height * o.kernel.width));
  }
  require_near<T>(most, greatest, 0, "max_pool2d");
  require_near<T>(mean, sums, 1e-5, "avg_pool2d");
}

template <class T>
void try_reduction(Choices& choices, Rng& rng) {
  Shape shape;
  for (int64_t rank = choices.between(1, 4); rank > 0; --rank)
    shape = shape.inserted(0, choices.one_of<int64_t>({1, 2, 3, 4, 7, 8, 9, 16, 17, 33}));
  if (shape.numel() > 20'000) return;
  const int dim = static_cast<int>(choices.below(shape.rank()));
  const Tensor x = small_tensor<T>(shape, rng);
  const int64_t n = shape[dim];
  int64_t inner = 1;
  for (int i = dim + 1; i < shape.rank(); ++i) inner *= shape[i];
  std::vector<double> sums, tops, running(static_cast<std::size_t>(x.numel())),
      normal(running.size());
  for (int64_t o = 0; o < x.numel() / n / inner; ++o)
    for (int64_t i = 0; i < inner; ++i) {
      double sum = 0, top = -1e300, squares = 0;
      const auto value = [&](int64_t at) {
        return static_cast<double>(x.data<T>()[(o * n + at) * inner + i]);
      };
      for (int64_t at = 0; at < n; ++at) {
        sum += value(at);
        top = std::max(top, value(at));
        running[static_cast<std::size_t>((o * n + at) * inner + i)] = sum;
      }
      const double mean = sum / static_cast<double>(n);
      for (int64_t at = 0; at < n; ++at) squares += (value(at) - mean) * (value(at) - mean);
      for (int64_t at = 0; at < n; ++at)
        normal[static_cast<std::size_t>((o * n + at) * inner + i)] =
            (value(at) - mean) / std::sqrt(squares / static_cast<double>(n) + 1e-5);
      sums.push_back(sum);
      tops.push_back(top);
    }
  require_near<T>(sum(x, {dim}), sums, 0, "sum");
  require_near<T>(amax(x, {dim}), tops, 0, "amax");
  require_near<T>(cumsum(x, dim), running, 0, "cumsum");
  if (dim == shape.rank() - 1) require_near<T>(layer_norm(x, {n}), normal, 1e-4, "layer_norm");
}

template <class T>
void try_one(Choices& choices) {
  Rng rng(static_cast<uint64_t>(choices.below(256)));
  switch (choices.below(4)) {
    case 0:
      return try_product<T>(choices, rng);
    case 1:
      return try_pooling<T>(choices, rng);
    case 2:
      return try_reduction<T>(choices, rng);
    default:
      return try_convolution<T>(choices, rng);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  Choices choices(data, size);
  const NoGrad no_grad;
  if (choices.yes())
    try_one<float>(choices);
  else
    try_one<double>(choices);
  return 0;
}
