#include "core/ops/loss/information.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "core/gradcheck.hpp"
#include "core/ops/reduce.hpp"
#include "core/random.hpp"

using namespace gradus;
using doctest::Approx;

namespace {

Tensor distribution(std::initializer_list<double> values) {
  return Tensor::from(values);
}

}  // namespace

TEST_CASE("measures of information have the values that their definitions give") {
  const Tensor coin = distribution({0.5, 0.5}), biased = distribution({0.25, 0.75});
  CHECK(entropy(coin).item() == Approx(std::numbers::ln2));
  CHECK(cross_entropy_distributions(coin, biased).item() ==
        Approx(-0.5 * std::log(0.25) - 0.5 * std::log(0.75)));
  CHECK(kl_divergence(coin, biased).item() == Approx(0.5 * std::log(4.0 / 3)));
  CHECK(kl_divergence(coin, coin).item() == 0);
  CHECK(kl_divergence(coin, biased).rank() == 0);
}

TEST_CASE("0·log 0 is 0, and probabilities of 0 give infinity, never NaN") {
  const Tensor left = distribution({1, 0}), right = distribution({0, 1});
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(entropy(left).item() == 0);
  CHECK(kl_divergence(left, right).item() == infinity);
  CHECK(kl_divergence(left, left).item() == 0);
  CHECK(cross_entropy_distributions(left, right).item() == infinity);
  CHECK(js_divergence(left, right).item() == Approx(std::numbers::ln2));
}

TEST_CASE("measures of information have the derivatives of their formulas") {
  Rng rng(4);
  const auto logits = [&] { return randn({2, 3}, rng, DType::f64).set_requires_grad(); };
  const auto check = [&](const Function& function) {
    const Tensors inputs{logits(), logits()};
    const GradcheckResult first = gradcheck(function, inputs);
    CHECK_MESSAGE(first.passed, first.message);
    const GradcheckResult second = gradgradcheck(function, inputs);
    CHECK_MESSAGE(second.passed, second.message);
  };
  using Measure = Tensor (*)(const Tensor&, const Tensor&);
  for (const Measure measure : {Measure(cross_entropy_distributions), kl_divergence, js_divergence})
    check([=](const Tensors& t) { return measure(softmax(t[0], 1), softmax(t[1], 1)); });
  check([](const Tensors& t) { return entropy(softmax(t[0], 1)); });
}

TEST_CASE("the Wasserstein distance of two points is their distance") {
  const std::vector<double> zero{0}, three{3}, both{0, 3}, weights{3, 1}, twice{0, 0, 3, 3};
  CHECK(wasserstein_distance(zero, three) == 3);
  CHECK(wasserstein_distance(both, both) == 0);
  CHECK(wasserstein_distance(both, twice) == 0);
  CHECK(wasserstein_distance(both, three) == 1.5);
  CHECK(wasserstein_distance(both, three, weights) == 2.25);
}

TEST_CASE("invalid distributions are refused, with row and value") {
  const Tensor p = Tensor::from({0.5, 0.5, 0.5, 0.25}).alias({2, 2});
  const Tensor q = distribution({1.5, -0.5}), r = distribution({1, 0, 0});
  CHECK_THROWS_WITH_AS(entropy(p), "[entropy] probabilities must sum to 1: row 1 of p sums to 0.75",
                       std::invalid_argument);
  CHECK_THROWS_WITH(kl_divergence(distribution({1, 0}), q),
                    "[kl_divergence] probabilities must be 0 or more: row 0 of q has -0.5");
  CHECK_THROWS_WITH(js_divergence(r, q),
                    "[js_divergence] p and q must have the same shape, got (3) and (2)");
  CHECK_THROWS_WITH(entropy(Tensor::scalar(1, DType::f64)),
                    "[entropy] p must have probabilities in its last dimension, got ()");
  CHECK_THROWS_WITH(entropy(distribution({NAN, 1})),
                    "[entropy] probabilities must be 0 or more: row 0 of p has nan");
  // As far from 1 as sums of f32 may be, but not those of f64.
  CHECK(entropy(Tensor::from<float>({0.5f, 0.4995f})).item() > 0.6);
  CHECK_THROWS_WITH(entropy(distribution({0.5, 0.4995})),
                    "[entropy] probabilities must sum to 1: row 0 of p sums to 0.9995");
}

TEST_CASE("invalid points and weights are refused") {
  const std::vector<double> none, one{1}, two{1, 2}, negative{1, -2}, zeros{0, 0};
  const std::vector<double> infinite{std::numeric_limits<double>::infinity()};
  CHECK_THROWS_WITH_AS(wasserstein_distance(none, one),
                       "[wasserstein_distance] u must have at least one point",
                       std::invalid_argument);
  CHECK_THROWS_WITH(wasserstein_distance(one, infinite),
                    "[wasserstein_distance] points of v must be finite, got inf");
  CHECK_THROWS_WITH(
      wasserstein_distance(two, one, one),
      "[wasserstein_distance] u must have one weight per point, got 2 points and 1 weight");
  CHECK_THROWS_WITH(wasserstein_distance(one, two, {}, negative),
                    "[wasserstein_distance] weights of v must be finite and 0 or more, got -2");
  CHECK_THROWS_WITH(
      wasserstein_distance(two, one, zeros),
      "[wasserstein_distance] the sum of the weights of u must be positive and finite, got 0");
}

TEST_CASE("information criteria count parameters, the second by the logarithm of the samples") {
  CHECK(aic(-100, 3) == 206);
  CHECK(bic(-100, 3, 8) == Approx(200 + 3 * std::log(8)));
  CHECK(bic(-100, 3, 7) < aic(-100, 3));
  CHECK(bic(-100, 3, 8) > aic(-100, 3));
  CHECK_THROWS_WITH_AS(aic(-1, -1), "[aic] num_parameters must be 0 or more, got -1",
                       std::invalid_argument);
  CHECK_THROWS_WITH(bic(-1, 1, 0), "[bic] num_samples must be 1 or more, got 0");
  CHECK_THROWS_WITH(bic(NAN, 1, 1), "[bic] log_likelihood must be finite, got nan");
}
