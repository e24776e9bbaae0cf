// deep_initialization_test: variances of activations and gradients in networks of 20 layers
// against mean-field theory.
#include <cmath>
#include <numbers>

#include "core/ops/activation.hpp"
#include "core/ops/linear.hpp"
#include "layers/activation.hpp"
#include "layers/dense.hpp"
#include "layers/init/initialize.hpp"
#include "layers/init/initializers.hpp"
#include "layers/sequential.hpp"
#include "tests/layers/check.hpp"

using namespace gradus;
using namespace gradus::layers;

namespace {

constexpr int depth = 20, seeds = 3, samples = 8;
// Fan-in and fan-out differ in every layer.
constexpr int64_t narrow = 128, wide = 256;

int64_t width(int layer) {
  return layer % 2 == 0 ? narrow : wide;
}

struct Nonlinearity {
  const char* name;
  double (*value)(double);
  double (*slope)(double);
};
constexpr Nonlinearity hyperbolic{"tanh", [](double x) { return std::tanh(x); },
                                  [](double x) { return 1 - std::tanh(x) * std::tanh(x); }};
constexpr Nonlinearity rectified{"relu", [](double x) { return std::max(x, 0.0); },
                                 [](double x) { return x > 0 ? 1.0 : 0.0; }};

// E[f(√q·z)²], z standard normal, by the trapezoidal rule.
double expected_square(double (*f)(double), double q) {
  constexpr double step = 1.0 / 64;
  double sum = 0;
  for (double z = -10; z <= 10; z += step) {
    const double y = f(std::sqrt(q) * z);
    sum += y * y * std::exp(-z * z / 2) * step;
  }
  return sum / std::sqrt(2 * std::numbers::pi);
}

// Of each layer: the variance of its outputs before the activation, and that of their gradients.
struct Variances {
  std::vector<double> forward = std::vector<double>(depth), backward = std::vector<double>(depth);
};

// The variance of a weight by its fans.
using WeightVariance = double (*)(double in, double out);

// qₗ₊₁ = fan_in·σ²·E[f(√qₗ z)²] forward, gₗ = fan_out·σ²·E[f'(√qₗ z)²]·gₗ₊₁ backward.
Variances theory(WeightVariance variance, const Nonlinearity& f) {
  const auto of_weight = [&](int layer) {
    return variance(static_cast<double>(width(layer)), static_cast<double>(width(layer + 1)));
  };
  Variances v;
  for (int l = 0; l < depth; ++l)
    v.forward[l] = static_cast<double>(width(l)) * of_weight(l) *
                   (l == 0 ? 1 : expected_square(f.value, v.forward[l - 1]));
  v.backward[depth - 1] = 1;
  for (int l = depth - 2; l >= 0; --l)
    v.backward[l] = static_cast<double>(width(l + 2)) * of_weight(l + 1) *
                    expected_square(f.slope, v.forward[l]) * v.backward[l + 1];
  return v;
}

std::vector<Tensor> draw_weights(std::string_view text, uint64_t seed) {
  Rng rng(seed);
  Sequential model;
  for (int l = 0; l < depth; ++l) model.push_back(Dense(width(l), width(l + 1), rng));
  initialize(model, text, rng);
  std::vector<Tensor> weights;
  for (int l = 0; l < depth; ++l) weights.push_back(dynamic_cast<Dense&>(model[l]).weight);
  return weights;
}

// Standard normal inputs, and standard normal gradients by the last outputs.
void measure(const std::vector<Tensor>& weights, const Nonlinearity& f, uint64_t seed,
             Variances& sum) {
  Rng rng(seed, 1);
  Tensor x = randn({samples, narrow}, rng);
  Tensors outputs;
  for (const Tensor& weight : weights) {
    outputs.push_back(linear(x, weight, {}));
    x = activations().find(f.name)()(outputs.back());
  }
  const Tensors gradients =
      grad({outputs.back()}, outputs, {.grad_outputs = {randn(outputs.back().shape(), rng)}});
  for (int l = 0; l < depth; ++l) {
    sum.forward[l] += mean_square(outputs[l]) / seeds;
    sum.backward[l] += mean_square(gradients[l]) / seeds;
  }
}

// A finite layer multiplies a variance by a random factor: the mean of n = width units whose
// squares have at most a relative variance of 5, that of a rectified normal's. Such factors
// multiply, so that their logarithms' variances, 5/n, add up over the layers, and are divided by
// the number of seeds. Five of these deviations are allowed: in the first layers less than what a
// missing √2 (a factor of 2) makes, and less than what fan_in for fan_out does.
double allowed(int layers) {
  const double units = 2.0 / (1.0 / narrow + 1.0 / wide);
  return 5 * std::sqrt(5 * layers / (units * seeds));
}

void check_variances(const Variances& got, const Variances& want) {
  for (int l = 0; l < depth; ++l) {
    CAPTURE(l);
    INFO("forward ", got.forward[l], ", in theory ", want.forward[l]);
    CHECK(std::abs(std::log(got.forward[l] / want.forward[l])) < allowed(l + 1));
    INFO("backward ", got.backward[l], ", in theory ", want.backward[l]);
    CHECK(std::abs(std::log(got.backward[l] / want.backward[l])) < allowed(depth - l));
  }
}

struct Case {
  const char* text;
  WeightVariance variance;
};

// Every random initializer, for ReLU, for tanh and without an activation.
const std::vector<Case> cases{
    {"he-normal", [](double in, double) { return 2 / in; }},
    {"he-uniform:fan=out", [](double, double out) { return 2 / out; }},
    {"he-normal:fan=average,gain=tanh", [](double in, double out) { return 50 / 9. / (in + out); }},
    {"xavier-normal", [](double in, double out) { return 2 / (in + out); }},
    {"xavier-uniform:gain=relu", [](double in, double out) { return 4 / (in + out); }},
    {"xavier-uniform:gain=logistic", [](double in, double out) { return 32 / (in + out); }},
    {"lecun-normal:gain=tanh", [](double in, double) { return 25 / 9. / in; }},
    {"lecun-uniform:fan=out", [](double, double out) { return 1 / out; }},
    {"orthogonal", [](double in, double out) { return 1 / std::max(in, out); }},
    {"orthogonal:gain=relu", [](double in, double out) { return 2 / std::max(in, out); }},
    {"normal:std=0.04", [](double, double) { return 0.0016; }},
    {"normal:std=0.2", [](double, double) { return 0.04; }},
    {"truncated-normal:std=0.1", [](double, double) { return 0.01 * 0.7737413035; }},
    {"uniform:low=-0.15,high=0.15", [](double, double) { return 0.0225 / 3; }},
    {"sparse:sparsity=0.75,std=0.15", [](double, double) { return 0.0225 / 4; }}};

// A network without biases of `layers` square layers.
Sequential square_network(int layers, const AnyModule& activation, const char* text) {
  Rng rng(3);
  Sequential model;
  for (int l = 0; l < layers; ++l) {
    model.push_back(Dense(64, 64, rng, {.bias = false}));
    model.push_back(activation);
  }
  initialize(model, text, rng);
  return model;
}

}  // namespace

TEST_CASE("variances through 20 layers are those of theory for every initializer that draws" *
          doctest::test_suite("slow")) {
  for (const auto& entry : initializers().entries()) {
    const auto names = {"constant", "zeros", "identity", "dirac", "lsuv", "pretrained"};
    const auto is_tested = [&](const Case& c) {
      return std::string_view(c.text).substr(0, std::string_view(c.text).find(':')) == entry.name;
    };
    CHECK_MESSAGE(std::count(names.begin(), names.end(), entry.name) +
                          std::any_of(cases.begin(), cases.end(), is_tested) ==
                      1,
                  entry.name);
  }
  for (const Case& tested : cases) {
    const auto& [text, variance] = tested;
    CAPTURE(std::string(tested.text));
    Variances tanh_sum, relu_sum;
    for (uint64_t seed = 1; seed <= seeds; ++seed) {
      const std::vector<Tensor> weights = draw_weights(text, seed);
      measure(weights, hyperbolic, seed, tanh_sum);
      measure(weights, rectified, seed, relu_sum);
    }
    {
      INFO("tanh");
      check_variances(tanh_sum, theory(variance, hyperbolic));
    }
    INFO("relu");
    check_variances(relu_sum, theory(variance, rectified));
  }
}

TEST_CASE("identity weights pass activations and errors through 20 layers unchanged") {
  Rng rng(1);
  Tensor x = randn({3, 64}, rng).set_requires_grad();
  Sequential linear_network = square_network(depth, activations().find("identity")(), "identity");
  const Tensor g = randn({3, 64}, rng), y = linear_network(x);
  check_equal(y.detach(), x.detach());
  check_equal(grad({y}, {x}, {.grad_outputs = {g}})[0], g);

  Sequential rectified_network = square_network(depth, ReLU(), "identity");
  const Tensor z = rectified_network(x);
  check_equal(z.detach(), relu(x.detach()));
  check_equal(grad({z}, {x}, {.grad_outputs = {g}})[0], (g * step(x)).detach());
}

TEST_CASE("constant weights keep the units of every layer equal, in training too") {
  Rng rng(1);
  Sequential model = square_network(4, Tanh(), "constant:0.02");
  const Tensor x = randn({5, 64}, rng);
  const auto check_rows_equal = [](const Tensor& weight) {
    const std::vector<float> values = weight.to_vector<float>();
    for (std::size_t i = 64; i < values.size(); ++i) REQUIRE(values[i] == values[i - 64]);
  };
  for (int i = 0; i < 3; ++i) train_step(model, x, 1e-2);
  const NamedTensors parameters = model.parameters();
  for (std::size_t l = 0; l < 3; ++l) check_rows_equal(parameters[l].second);
  CHECK(parameters[0].second.data<float>()[0] != parameters[0].second.data<float>()[1]);
}

TEST_CASE("zero weights give zero outputs and gradients") {
  Rng rng(1);
  Sequential model = square_network(3, Tanh(), "zeros");
  Tensor x = randn({5, 64}, rng).set_requires_grad();
  const Tensor y = model(x);
  CHECK(mean_square(y) == 0);
  Tensors wanted{x};
  for (const auto& [name, weight] : model.parameters()) wanted.push_back(weight);
  for (const Tensor& gradient : grad({y}, wanted, {.grad_outputs = {Tensor::ones({5, 64})}}))
    CHECK(mean_square(gradient) == 0);
}

TEST_CASE("orthogonal weights keep the norm of the back-propagated error in a linear network") {
  Rng rng(1);
  Sequential model = square_network(depth, activations().find("identity")(), "orthogonal");
  Tensor x = randn({1, 64}, rng).set_requires_grad();
  const Tensor g = randn({1, 64}, rng);
  const Tensor y = model(x), error = grad({y}, {x}, {.grad_outputs = {g}})[0];
  CHECK(norm(error).item() == doctest::Approx(norm(g).item()).epsilon(1e-5));
  CHECK(norm(y).item() == doctest::Approx(norm(x).item()).epsilon(1e-5));
}
