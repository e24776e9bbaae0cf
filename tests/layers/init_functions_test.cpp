#include "layers/init_functions.hpp"

#include <cmath>

#include "core/ops/linear.hpp"
#include "layers/activation.hpp"
#include "layers/init/initialize.hpp"
#include "tests/layers/check.hpp"

using namespace gradus;
using namespace gradus::layers;

namespace {

// Properties of drawn values.
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
  check_statistics(draw(he_uniform, HeOptions{.fan = Fan::out, .gain = {"leaky-relu", 0.2}}),
                   matrix, 0, 0.09143961949493187, 0.15837806678998761);
  check_statistics(draw(he_normal, HeOptions{}), kernel, 0, 0.06030226891555272);
  check_statistics(draw(he_normal, HeOptions{.fan = Fan::average, .gain = 3}), kernel, 0,
                   3 / std::sqrt(25 * (51 + 22) / 2.0));
  check_statistics(draw(lecun_normal, LeCunOptions{}), kernel, 0, 0.04264014327112208);
  check_statistics(draw(lecun_uniform, LeCunOptions{}), kernel, 0, 0.04264014327112208,
                   std::sqrt(3.0 / 550));
  check_statistics(draw(lecun_uniform, LeCunOptions{.fan = Fan::out, .gain = "tanh"}), matrix, 0,
                   5.0 / 3 / std::sqrt(230), 5.0 / 3 * std::sqrt(3.0 / 230));
}

TEST_CASE("truncated normal values within wide bounds are those of a normal distribution") {
  Rng rng(3), same(3);
  Tensor x = Tensor::empty({100}, DType::f64);
  init::truncated_normal(x, rng, {.mean = 0.5, .std = 0.01, .low = -2, .high = 2});
  for (const double value : x.to_vector<double>()) {
    CHECK(value == 0.5 + same.normal() * 0.01);
    same.uniform();  // decides on the acceptance, which is certain
  }
}

TEST_CASE("truncated normal values in a long tail have its mean") {
  const auto mean_of_tail = [](double low, double high) {
    return statistics_of(
               [&](Tensor& x, Rng& rng) {
                 init::truncated_normal(x, rng, {.low = low, .high = high});
               },
               {400'000})
        .mean;
  };
  // φ(5)/Q(5); the deviation of this mean is 3·10⁻⁴, that of exponential proposals 5.1926.
  CHECK(std::abs(mean_of_tail(5, 500) - 5.186503967125842) < 0.0015);
  CHECK(std::abs(mean_of_tail(-500, -5) + 5.186503967125842) < 0.0015);
}

TEST_CASE("truncated normal values in a far tail stay within it") {
  const Statistics s = statistics_of(
      [](Tensor& x, Rng& rng) { init::truncated_normal(x, rng, {.low = 8, .high = 9}); }, {1000});
  CHECK(s.low >= 8);
  CHECK(s.high <= 9);
  CHECK(s.mean == doctest::Approx(8.1213).epsilon(0.003));
}

TEST_CASE(
    "truncated normal values with bounds far apart have the normal's moments, or its tail's") {
  const auto draw = [](double low, double high) {
    return statistics_of(
        [=](Tensor& x, Rng& rng) { init::truncated_normal(x, rng, {.low = low, .high = high}); },
        {20000});
  };
  const Statistics whole = draw(-1e9, 1e9);
  CHECK(std::abs(whole.mean) < 0.04);
  CHECK(whole.deviation == doctest::Approx(1).epsilon(0.03));
  // The mean above 8 is the ratio of density and tail there, by Mills.
  const Statistics above = draw(8, 1e9), below = draw(-1e9, -8);
  CHECK(above.low >= 8);
  CHECK(above.mean == doctest::Approx(8.1213).epsilon(0.001));
  CHECK(below.high <= -8);
  CHECK(below.mean == doctest::Approx(-8.1213).epsilon(0.001));
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

TEST_CASE("sparse kernels count as matrices (out, in·kernel)") {
  Rng rng(1);
  Tensor w = Tensor::empty({10, 2, 3});
  init::sparse(w, rng, {.sparsity = 0.5});
  for (int64_t column = 0; column < 6; ++column) {
    int zeros = 0;
    for (int64_t row = 0; row < 10; ++row) zeros += w.data<float>()[row * 6 + column] == 0;
    CHECK(zeros == 5);
  }
}

TEST_CASE("gains are PyTorch's, and 4 for the logistic function's slope") {
  CHECK(init::gain("linear") == 1);
  CHECK(init::gain("identity") == 1);
  CHECK(init::gain("sigmoid") == 1);
  CHECK(init::gain("logistic") == 4);
  CHECK(init::gain("tanh") == doctest::Approx(1.6666666666666667));
  CHECK(init::gain("relu") == doctest::Approx(1.4142135623730951));
  CHECK(init::gain("leaky-relu", 0.2) == doctest::Approx(1.3867504905630728));
  CHECK(init::gain("leaky_relu", 0.2) == init::gain("leaky-relu", 0.2));
  CHECK(init::gain("selu") == 0.75);
  CHECK_THROWS_WITH_AS(init::gain("tan"), "unknown activation 'tan': did you mean tanh?",
                       std::invalid_argument);
}

TEST_CASE(
    "other gains keep the mean square of a standard normal input, by integrals of PyTorch's") {
  const std::vector<std::pair<const char*, double>> expected{
      {"relu6", 1.4142135650950733},     {"prelu", 1.3719886811400703},
      {"elu", 1.2451983007007064},       {"gelu", 1.5335304411955344},
      {"silu", 1.6765324703310907},      {"mish", 1.4868475812732076},
      {"hardswish", 1.7366572127665412}, {"softplus", 1.0418668355353018},
      {"hardtanh", 1.3920361404483115}};
  for (const auto& activation : expected) {
    INFO(activation.first);
    CHECK(init::gain(activation.first) == doctest::Approx(activation.second).epsilon(1e-8));
  }
  for (const auto& activation : activations().entries()) CHECK(init::gain(activation.name) > 0);
}

TEST_CASE("identity has its gain on the diagonal of any matrix") {
  Tensor wide = Tensor::empty({2, 3}), high = Tensor::empty({3, 2});
  init::identity(wide, {.gain = 2});
  init::identity(high);
  CHECK(wide.to_vector<float>() == std::vector<float>{2, 0, 0, 0, 2, 0});
  CHECK(high.to_vector<float>() == std::vector<float>{1, 0, 0, 1, 0, 0});
}

TEST_CASE("dirac puts its gain where PyTorch does") {
  const auto places = [](const Shape& shape, const init::DiracOptions& options) {
    Tensor w = Tensor::empty(shape);
    init::dirac(w, options);
    std::vector<int64_t> found;
    for (int64_t i = 0; i < w.numel(); ++i) {
      if (w.data<float>()[i] == options.gain)
        found.push_back(i);
      else
        CHECK(w.data<float>()[i] == 0);
    }
    return found;
  };
  using Places = std::vector<int64_t>;
  // (out·in + input)·kernel + middle, of the places that torch.nn.init.dirac_ fills.
  CHECK(places({6, 2, 4}, {.groups = 2}) == Places{0 + 2, 12 + 2, 24 + 2, 36 + 2});
  CHECK(places({4, 3, 2, 3}, {}) == Places{0 + 4, 24 + 4, 48 + 4});
  CHECK(places({4, 3, 2, 3}, {.groups = 2, .gain = 3}) == Places{0 + 4, 24 + 4, 36 + 4, 60 + 4});
}

TEST_CASE("the forget bias of an LSTM is the second quarter") {
  Tensor bias = Tensor::zeros({8});
  init::lstm_forget_bias(bias);
  CHECK(bias.to_vector<float>() == std::vector<float>{0, 0, 1, 1, 0, 0, 0, 0});
  init::lstm_forget_bias(bias, 0.5);
  CHECK(bias.data<float>()[3] == 0.5);
}

TEST_CASE("arguments of initializers outside their ranges are refused") {
  Rng rng(1);
  Tensor vector = Tensor::empty({3}), kernel = Tensor::empty({2, 2, 2});
  CHECK_THROWS_WITH_AS(init::xavier_uniform(vector, rng),
                       "[init] a weight must be (out, in) or (out, in, kernel…), got (3)",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(init::normal(vector, rng, {.std = -1}),
                       "[normal] std must be 0 or more, got -1", std::invalid_argument);
  CHECK_THROWS_WITH_AS(init::uniform(vector, rng, {.low = 2, .high = 1}),
                       "[uniform] low must not be above high, got 2 and 1", std::invalid_argument);
  CHECK_THROWS_WITH_AS(
      init::truncated_normal(vector, rng, {.low = 1, .high = 1}),
      "[truncated_normal] low and high must be finite, and low below high, got 1 and 1",
      std::invalid_argument);
  CHECK_THROWS_WITH_AS(init::truncated_normal(vector, rng, {.std = 0}),
                       "[truncated_normal] std must be positive, got 0", std::invalid_argument);
  CHECK_THROWS_WITH_AS(init::sparse(kernel, rng, {.sparsity = 2}),
                       "[sparse] sparsity must be 0 to 1, got 2", std::invalid_argument);
  CHECK_THROWS_WITH_AS(init::sparse(vector, rng),
                       "[init] a weight must be (out, in) or (out, in, kernel…), got (3)",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(init::identity(kernel),
                       "[identity] the weight must be a matrix, got (2, 2, 2)",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(init::dirac(vector),
                       "[dirac] the weight must be (out, in, kernel…), got (3)",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(init::dirac(kernel, {.groups = 3}),
                       "[dirac] groups must divide the outputs: 3 groups, 2 outputs",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(init::lstm_forget_bias(vector),
                       "[lstm_forget_bias] the bias must be (4·hidden), got (3)",
                       std::invalid_argument);
}
