#include "layers/init.hpp"

#include <cmath>

#include "core/ops/linear.hpp"
#include "layers/convolution.hpp"
#include "layers/dense.hpp"
#include "layers/embedding.hpp"
#include "layers/normalization.hpp"
#include "layers/sequential.hpp"
#include "tests/layers/check.hpp"

using namespace gradus;
using namespace gradus::layers;

namespace {

// What drawn values look like.
struct Statistics {
  double mean = 0, deviation = 0, low = 0, high = 0;
};

Statistics statistics_of(const Initializer& initializer, const Shape& shape) {
  Rng rng(3);
  Tensor x = Tensor::empty(shape);
  initializer(x, rng);
  Statistics s{.low = INFINITY, .high = -INFINITY};
  const double n = static_cast<double>(x.numel());
  for (const double v : x.to_vector<float>()) {
    s.mean += v / n;
    s.low = std::min(s.low, v);
    s.high = std::max(s.high, v);
  }
  for (const double v : x.to_vector<float>()) s.deviation += (v - s.mean) * (v - s.mean) / n;
  s.deviation = std::sqrt(s.deviation);
  return s;
}

void check_statistics(const Initializer& initializer, const Shape& shape, double mean,
                      double deviation, double bound = INFINITY) {
  const Statistics s = statistics_of(initializer, shape);
  const double largest = std::max(-s.low, s.high);
  CHECK(std::abs(s.mean - mean) <=
        5 * deviation / std::sqrt(static_cast<double>(shape.numel())) + 1e-6);
  CHECK(s.deviation == doctest::Approx(deviation).epsilon(0.03));
  CHECK(largest <= bound * (1 + 1e-6));
  if (std::isfinite(bound)) CHECK(largest > 0.95 * bound);
}

Tensor orthogonal_matrix(const Shape& shape, double gain) {
  Rng rng(2);
  Tensor weight = Tensor::empty(shape, DType::f64);
  init::orthogonal(weight, rng, {.gain = gain});
  return weight;
}

}  // namespace

TEST_CASE("initializers draw the mean, deviation and bound of their formulas") {
  const Shape matrix{230, 345}, kernel{51, 22, 5, 5};
  const auto draw = [](auto function, auto options) -> Initializer {
    return [=](Tensor& x, Rng& rng) { function(x, rng, options); };
  };
  using namespace init;
  check_statistics(draw(normal, NormalOptions{.mean = 0.5, .std = 0.2}), matrix, 0.5, 0.2);
  check_statistics(draw(uniform, UniformOptions{.low = -0.3, .high = 0.3}), matrix, 0,
                   0.3 / std::sqrt(3), 0.3);
  check_statistics(
      draw(truncated_normal, TruncatedNormalOptions{.std = 0.218, .low = -0.436, .high = 0.436}),
      matrix, 0, 0.19175839388, 0.436);
  check_statistics(draw(xavier_uniform, XavierOptions{.gain = std::sqrt(2)}), matrix, 0,
                   0.0834057656228299, 0.14446302370292305);
  check_statistics(draw(xavier_normal, XavierOptions{.gain = 5.0 / 3}), kernel, 0,
                   5.0 / 3 * std::sqrt(2.0 / (25 * (51 + 22))));
  check_statistics(
      draw(he_uniform,
           HeOptions{.mode = Fan::out, .nonlinearity = "leaky-relu", .negative_slope = 0.2}),
      matrix, 0, 0.09143961949493187, 0.15837806678998761);
  check_statistics(draw(he_normal, HeOptions{}), kernel, 0, 0.06030226891555272);
  check_statistics([](Tensor& x, Rng& rng) { lecun_normal(x, rng); }, kernel, 0,
                   0.04264014327112208);
}

TEST_CASE("truncated normal values in a far tail stay within it") {
  const Statistics s = statistics_of(
      [](Tensor& x, Rng& rng) { init::truncated_normal(x, rng, {.low = 8, .high = 9}); }, {1000});
  CHECK(s.low >= 8);
  CHECK(s.high <= 9);
  CHECK(s.mean == doctest::Approx(8.1213).epsilon(0.003));
}

TEST_CASE("orthogonal weights have orthonormal rows, or columns where they are fewer") {
  for (const Shape& shape : {Shape{40, 100}, Shape{100, 40}, Shape{90, 90}, Shape{32, 8, 3, 3}}) {
    CAPTURE(to_string(shape));
    const Tensor w = orthogonal_matrix(shape, 1.5);
    const int64_t rows = shape[0], columns = w.numel() / rows;
    const Tensor flat = reshape(w, {rows, columns});
    const Tensor product =
        rows <= columns ? matmul(flat, flat, {.b = true}) : matmul(flat, flat, {.a = true});
    const int64_t n = std::min(rows, columns);
    for (int64_t i = 0; i < n * n; ++i)
      CHECK(std::abs(product.data<double>()[i] - (i % (n + 1) == 0 ? 2.25 : 0)) < 1e-14);
  }
}

TEST_CASE("orthogonal weights of one column are uniform on the sphere, not on half of it") {
  Rng rng(5);
  int positive = 0;
  for (int i = 0; i < 200; ++i) {
    Tensor w = Tensor::empty({2, 1});
    init::orthogonal(w, rng);
    positive += w.data<float>()[0] > 0;
  }
  CHECK(positive > 70);
  CHECK(positive < 130);
}

TEST_CASE("sparse weights have the same number of zeros in each column") {
  Rng rng(1);
  Tensor w = Tensor::empty({30, 20});
  init::sparse(w, rng, {.sparsity = 0.75, .std = 2});
  for (int64_t column = 0; column < 20; ++column) {
    int zeros = 0;
    for (int64_t row = 0; row < 30; ++row) zeros += w.data<float>()[row * 20 + column] == 0;
    CHECK(zeros == 23);
  }
}

TEST_CASE("gains are PyTorch's, and 4 for the logistic function's slope") {
  CHECK(init::gain("linear") == 1);
  CHECK(init::gain("sigmoid") == 1);
  CHECK(init::gain("logistic") == 4);
  CHECK(init::gain("tanh") == doctest::Approx(1.6666666666666667));
  CHECK(init::gain("relu") == doctest::Approx(1.4142135623730951));
  CHECK(init::gain("leaky-relu", 0.2) == doctest::Approx(1.3867504905630728));
  CHECK(init::gain("selu") == 0.75);
  CHECK_THROWS_WITH_AS(init::gain("tan"),
                       "unknown nonlinearity 'tan': one of tanh, relu, selu, linear, sigmoid, "
                       "logistic, leaky-relu",
                       std::invalid_argument);
}

TEST_CASE("arguments of initializers outside their ranges are refused") {
  Rng rng(1);
  Tensor vector = Tensor::empty({3}), kernel = Tensor::empty({2, 2, 2});
  CHECK_THROWS_WITH_AS(init::xavier_uniform(vector, rng),
                       "[init] a weight is (out, in) or (out, in, kernel…), got (3)",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(init::normal(vector, rng, {.std = -1}), "[normal] std is 0 or more, got -1",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(init::uniform(vector, rng, {.low = 2, .high = 1}),
                       "[uniform] needs low ≤ high, got 2 and 1", std::invalid_argument);
  CHECK_THROWS_WITH_AS(init::truncated_normal(vector, rng, {.low = 1, .high = 1}),
                       "[truncated_normal] needs finite low < high, got 1 and 1",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(init::truncated_normal(vector, rng, {.std = 0}),
                       "[truncated_normal] std is positive, got 0", std::invalid_argument);
  CHECK_THROWS_WITH_AS(init::sparse(kernel, rng), "[sparse] needs a matrix, got (2, 2, 2)",
                       std::invalid_argument);
}

TEST_CASE("every registered initializer draws the weights of dense and convolution layers alone") {
  for (const auto& entry : initializers().entries()) {
    INFO(entry.name);
    const auto build = [&] {
      Rng rng(1);
      Sequential model{Conv2d({.in_channels = 2, .out_channels = 3, .kernel = 3}, rng),
                       BatchNorm2d(3), Dense(6, 5, rng), Embedding(4, 2, rng)};
      initialize(model, entry.make, rng);
      return model.state_dict();
    };
    const NamedTensors state = build(), again = build();
    for (std::size_t i = 0; i < state.size(); ++i) check_equal(state[i].second, again[i].second);
    CHECK(state[1].first == "0.bias");
    CHECK(state[1].second.to_vector<float>() == std::vector<float>(3, 0));
    CHECK(state[2].second.to_vector<float>() == std::vector<float>(3, 1));
    Rng rng(1);
    const Dense standard(6, 5, rng);
    CHECK(state[7].first == "2.weight");
    CHECK(state[7].second.to_vector<float>() != standard.weight.to_vector<float>());
    CHECK(state[9].first == "3.weight");
  }
}
