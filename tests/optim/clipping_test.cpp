#include "optim/clipping.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/parallel.hpp"

using namespace gradus;
using namespace gradus::optim;

namespace {

Tensor parameter(const Tensor& value, const Tensor& gradient) {
  Tensor result = value.clone().set_requires_grad();
  result.set_grad(gradient.clone());
  return result;
}

Tensor doubles(std::vector<double> values, const Shape& shape) {
  return Tensor::from(values, shape);
}

// Two tensors whose gradients have the norm 13 together, and one without a gradient.
NamedTensors problem() {
  return {{"a", parameter(Tensor::zeros({2}, DType::f64), doubles({3, -4}, {2}))},
          {"b", parameter(Tensor::zeros({1, 1}, DType::f64), doubles({12}, {1, 1}))},
          {"idle", Tensor::zeros({3}, DType::f64).set_requires_grad()}};
}

std::vector<double> gradient(const NamedTensors& parameters, std::size_t index) {
  return parameters[index].second.grad().to_vector<double>();
}

}  // namespace

TEST_CASE("clipping by norm scales all gradients together, only above the limit") {
  NamedTensors parameters = problem();
  CHECK(clip_grad_norm(parameters, 13) == 13);
  CHECK(gradient(parameters, 0) == std::vector<double>{3, -4});
  CHECK(clip_grad_norm(parameters, 6.5) == 13);
  CHECK(gradient(parameters, 0) == std::vector<double>{1.5, -2});
  CHECK(gradient(parameters, 1) == std::vector<double>{6});
  CHECK(!parameters[2].second.grad().defined());
  CHECK(clip_grad_norm({}, 1) == 0);
}

TEST_CASE("clipping by norm doesn't change gradients that aren't finite") {
  NamedTensors parameters = problem();
  parameters[0].second.set_grad(doubles({INFINITY, 2}, {2}));
  CHECK(clip_grad_norm(parameters, 1) == INFINITY);
  CHECK(gradient(parameters, 0) == std::vector<double>{INFINITY, 2});
  parameters[1].second.set_grad(doubles({NAN}, {1, 1}));
  CHECK(!std::isfinite(clip_grad_norm(parameters, 1)));
  CHECK(gradient(parameters, 0) == std::vector<double>{INFINITY, 2});
}

TEST_CASE("clipping by value bounds each element") {
  NamedTensors parameters = problem();
  clip_grad_value(parameters, 3.5);
  CHECK(gradient(parameters, 0) == std::vector<double>{3, -3.5});
  CHECK(gradient(parameters, 1) == std::vector<double>{3.5});
}

TEST_CASE("adaptive clipping bounds each unit's gradient by its weights") {
  // Rows of weights with the norms 5, 0 and 5, of gradients with 10, 10 and 0; the bias as a whole.
  NamedTensors parameters{{"weight", parameter(doubles({3, 4, 0, 0, 4, 3}, {3, 2}),
                                               doubles({6, 8, 6, 8, 0, 0}, {3, 2}))},
                          {"bias", parameter(doubles({0, 2}, {2}), doubles({3, 4}, {2}))},
                          {"small", parameter(doubles({2}, {1}), doubles({0.25}, {1}))}};
  clip_grad_adaptive(parameters, {.clipping = 0.5, .eps = 0.25});
  const std::vector<double> weight{1.5, 2, 0.075, 0.1, 0, 0}, bias{0.6, 0.8};
  for (std::size_t i = 0; i < weight.size(); ++i)
    CHECK(gradient(parameters, 0)[i] == doctest::Approx(weight[i]).epsilon(1e-14));
  for (std::size_t i = 0; i < bias.size(); ++i)
    CHECK(gradient(parameters, 1)[i] == doctest::Approx(bias[i]).epsilon(1e-14));
  CHECK(gradient(parameters, 2) == std::vector<double>{0.25});
}

TEST_CASE("noise on gradients has the variance of its step, and the same bits for a seed") {
  const auto noisy = [](int64_t step, int threads) {
    const int before = num_threads();
    set_num_threads(threads);
    const Tensor zeros = Tensor::zeros({50000}, DType::f64);
    const NamedTensors parameters{{"p", parameter(zeros, zeros)}};
    Rng rng(7);
    add_gradient_noise(parameters, step, rng, {.eta = 0.5, .gamma = 0.5});
    set_num_threads(before);
    return gradient(parameters, 0);
  };
  const auto variance = [](const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += value * value;
    return sum / static_cast<double>(values.size());
  };
  CHECK(variance(noisy(0, 1)) == doctest::Approx(0.5).epsilon(0.03));
  CHECK(variance(noisy(99, 1)) == doctest::Approx(0.05).epsilon(0.03).scale(0));
  CHECK(noisy(3, 1) == noisy(3, 2));
}

TEST_CASE("options of clipping and noise out of their range are refused") {
  Rng rng(0);
  CHECK_THROWS_WITH(clip_grad_norm({}, 0),
                    "[clip_grad_norm] max_norm must be positive and finite, got 0");
  CHECK_THROWS_WITH(clip_grad_value({}, NAN),
                    "[clip_grad_value] limit must be positive and finite, got nan");
  CHECK_THROWS_WITH(clip_grad_adaptive({}, {.clipping = -1}),
                    "[clip_grad_adaptive] clipping must be positive and finite, got -1");
  CHECK_THROWS_WITH(clip_grad_adaptive({}, {.eps = 0}),
                    "[clip_grad_adaptive] eps must be positive and finite, got 0");
  CHECK_THROWS_WITH(add_gradient_noise({}, -1, rng),
                    "[add_gradient_noise] step must be 0 or more, got -1");
  CHECK_THROWS_WITH(add_gradient_noise({}, 0, rng, {.eta = -1}),
                    "[add_gradient_noise] eta must be 0 or more and finite, got -1");
  CHECK_THROWS_WITH(add_gradient_noise({}, 0, rng, {.gamma = NAN}),
                    "[add_gradient_noise] gamma must be 0 or more and finite, got nan");
}
