#include "core/ops/reduce.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "core/autograd.hpp"
#include "core/gradcheck.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/shape.hpp"

using namespace gradus;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

Tensor matrix(std::vector<double> values, const Shape& shape) {
  return Tensor::from(values, shape).set_requires_grad();
}

void check_values(const Tensor& x, const std::vector<double>& wanted) {
  REQUIRE(x.numel() == static_cast<int64_t>(wanted.size()));
  for (std::size_t i = 0; i < wanted.size(); ++i)
    CHECK(x.data<double>()[i] == doctest::Approx(wanted[i]).epsilon(1e-12));
}

}  // namespace

TEST_CASE("reductions keep or drop any dimensions, negative ones too") {
  const Tensor x = Tensor::ones({2, 3, 4, 5});
  CHECK(sum(x).shape() == Shape{});
  CHECK(sum(x, {}, true).shape() == Shape{1, 1, 1, 1});
  CHECK(sum(x, {-1, 0}).shape() == Shape{3, 4});
  CHECK(mean(x, {2, -3}, true).shape() == Shape{2, 1, 1, 5});
  CHECK(sum(x, {1, 3}).to_vector<float>() == std::vector<float>(8, 15));
  CHECK(argmax(x, -2, true).shape() == Shape{2, 3, 1, 5});
  CHECK(sum(Tensor::zeros({3, 0}), {1}).to_vector<float>() == std::vector<float>(3, 0));
  CHECK_THROWS_AS(mean(Tensor::zeros({0})), std::invalid_argument);
}

TEST_CASE("equal extremes share the gradient, and a NaN is the largest") {
  const Tensor x = matrix({1, 3, 3, 3, 0, 2}, {2, 3});
  amax(x, {0, 1}).backward();
  check_values(x.grad(), {0, 1. / 3, 1. / 3, 1. / 3, 0, 0});
  const Tensor y = matrix({1, 3, 1, 3, 0, 2}, {2, 3});
  amin(y, {1}).backward(Tensor::from({1., 2.}));
  check_values(y.grad(), {0.5, 0, 0.5, 0, 2, 0});
  CHECK(argmax(Tensor::from({2., 5., 5.}), 0).item() == 1);
  CHECK(argmin(Tensor::from({2., 1., 1.}), 0).item() == 1);
  CHECK(argmax(Tensor::from({1., not_a_number, 3., not_a_number}), 0).item() == 1);
  CHECK(std::isnan(amax(Tensor::from({1., not_a_number, 3.})).item()));
}

TEST_CASE("norms of every order agree with PyTorch's, and so do their derivatives") {
  const auto check = [](double p, std::vector<double> values, std::vector<double> gradient) {
    const Tensor x = matrix({1, -2, 3, 0, 0.5, -4}, {2, 3});
    const Tensor y = norm(x, p, {1});
    check_values(y, values);
    sum(y).backward();
    check_values(x.grad(), gradient);
  };
  check(0, {3, 2}, {0, 0, 0, 0, 0, 0});
  check(1, {6, 4.5}, {1, -1, 1, 0, 1, -1});
  check(3, {3.3019272488946263, 4.002602473082917},
        {0.0917202013581841, -0.3668808054327364, 0.8254818122236569, 0, 0.0156046880042219,
         -0.9987000322702017});
  check(0.5, {17.191508225450303, 7.32842712474619},
        {4.146264369941973, -2.9318516525781364, 2.3938468501173524, 0, 3.82842712474619,
         -1.3535533905932737});
  check(infinity, {3, 4}, {0, 0, 1, 0, 0, -1});
  const Tensor zero = matrix({0, 0}, {2});
  norm(zero).backward();
  check_values(zero.grad(), {0, 0});
}

TEST_CASE("logarithms of sums of exponentials neither overflow nor lose infinities") {
  CHECK(logsumexp(Tensor::from({1000., 1000.})).item() == doctest::Approx(1000 + std::log(2)));
  CHECK(logsumexp(Tensor::from({-infinity, -infinity})).item() == -infinity);
  CHECK(logsumexp(Tensor::from({infinity, 0.})).item() == infinity);
  check_values(log_softmax(Tensor::from({1000., 0., -1000.}), 0), {0, -1000, -2000});
  check_values(softmax(Tensor::from({1000., 1000., -infinity}), 0), {0.5, 0.5, 0});
}

TEST_CASE("reductions refuse wrong dimensions and inputs") {
  const Tensor x = Tensor::zeros({2, 3});
  CHECK_THROWS_WITH_AS(sum(x, {2}), "[sum] dimension 2 is out of range for shape (2, 3)",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(mean(x, {0, -2}), "[mean] dimensions must differ: 0 is listed twice",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(softmax(x, -3), "[softmax] dimension -3 is out of range for shape (2, 3)",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(amax(Tensor::zeros({0, 3}), {0}),
                       "[amax] at least one element is needed, got (0, 3)", std::invalid_argument);
  CHECK_THROWS_WITH_AS(argmax(Tensor::zeros({0, 3}), 0),
                       "[argmax] at least one element is needed, got (0, 3)",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(norm(x, -1), "[norm] p must be 0 or more, got -1", std::invalid_argument);
  CHECK_THROWS_WITH_AS(softmax(Tensor::arange(3), 0), "[softmax] needs f32 or f64, got i64",
                       std::invalid_argument);
}

TEST_CASE("norms are right for values whose powers overflow or underflow") {
  for (const double p : {1.5, 2.0, 3.0})
    for (const double scale : {1e-30, 1e19, 1e20}) {
      CAPTURE(p);
      CAPTURE(scale);
      const std::vector<float> values{1, -2, 3, 0.5};
      const Tensor x = Tensor::from(values, {2, 2});
      const double wanted = norm(cast(x, DType::f64), p).item();
      CHECK(norm(x * scale, p).item() / scale == doctest::Approx(wanted).epsilon(1e-5));
      const Tensor rows = norm(x * scale, p, {1}), exact = norm(cast(x, DType::f64), p, {1});
      for (int64_t i = 0; i < 2; ++i)
        CHECK(rows.to_vector<float>()[i] / scale ==
              doctest::Approx(exact.to_vector<double>()[i]).epsilon(1e-5));
    }
  CHECK(norm(Tensor::zeros({3})).item() == 0);
  CHECK(norm(Tensor::full({2}, infinity)).item() == infinity);
  CHECK(std::isnan(norm(Tensor::full({2}, not_a_number)).item()));
}

TEST_CASE("a mean without elements is an error") {
  CHECK_THROWS_WITH_AS(mean(Tensor::zeros({0})), "[mean] at least one element is needed, got (0)",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(mean(Tensor::zeros({2, 0}), {1}),
                       "[mean] at least one element is needed, got (2, 0)", std::invalid_argument);
  CHECK_THROWS_WITH_AS(var(Tensor::zeros({0})), "[var] at least one element is needed, got (0)",
                       std::invalid_argument);
  CHECK(mean(Tensor::zeros({0, 2}), {1}).shape() == Shape{0});
}

TEST_CASE("long sums and running sums lose no digits") {
  const Tensor x = Tensor::full({40000}, 1);
  x.alias({1}).fill(16777216);
  CHECK(cumsum(x, 0).to_vector<float>().back() == 16777216.0F + 39999);
  CHECK(cumsum(reshape(x, {20000, 2}), 0).to_vector<float>()[39998] == 16777216.0F + 19999);
  const Tensor tenths = Tensor::full({300000, 2}, 0.1F);
  const float wanted = static_cast<float>(300000 * static_cast<double>(0.1F));
  for (const float got : sum(tenths, {0}).to_vector<float>())
    CHECK(got == doctest::Approx(wanted).epsilon(2e-6));
  CHECK(sum(tenths).item() == doctest::Approx(2 * wanted).epsilon(2e-6));
}

TEST_CASE("logsumexp of minus infinity alone has derivatives 0") {
  const Tensor x = matrix({-infinity, -infinity, -infinity, 0}, {2, 2});
  const Tensor y = logsumexp(x, {1});
  CHECK(y.to_vector<double>() == std::vector<double>{-infinity, 0});
  check_values(grad({sum(slice(y, 0, 0, 1))}, {x})[0], {0, 0, 0, 0});
}

TEST_CASE("rows whose squares underflow have their norm beside others") {
  const Tensor x = Tensor::from<float>({3, 4, 3e-30f, 4e-30f, 0, 0}, {3, 2});
  const std::vector<float> norms = norm(x, 2, {1}).to_vector<float>();
  CHECK(norms[0] == 5);
  CHECK(norms[1] == doctest::Approx(5e-30).epsilon(1e-6).scale(0));
  CHECK(norms[2] == 0);
}

TEST_CASE("the standard deviation of equal elements has derivatives 0, as in PyTorch") {
  const Tensor x = matrix({2, 2, 1, 3}, {2, 2});
  const Tensor y = gradus::std(x, {1});
  check_values(y, {0, std::sqrt(2)});
  sum(y).backward();
  check_values(x.grad(), {0, 0, -std::sqrt(0.5), std::sqrt(0.5)});
  check_values(gradus::std(x, {}, true, false), {std::sqrt(0.5)});
  CHECK(std::isnan(gradus::std(Tensor::from({1., infinity})).item()));
  CHECK_THROWS_WITH_AS(gradus::std(Tensor::zeros({1})),
                       "[std] at least two elements are needed if unbiased, got one of (1)",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(gradus::std(Tensor::zeros({0})),
                       "[std] at least one element is needed, got (0)", std::invalid_argument);
}

TEST_CASE("products with zeros have the products of the others as derivatives") {
  const Tensor x = matrix({2, 0, 3, 0, 5, 0, 4, 7, 2, 3}, {2, 5});
  const Tensor y = prod(x, {1});
  check_values(y, {0, 0});
  check_values(grad({sum(y)}, {x})[0], {0, 0, 0, 0, 0, 168, 0, 0, 0, 0});
  check_values(cumprod(x, 1), {2, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  check_values(grad({sum(cumprod(x, 1))}, {x})[0],
               {1, 8, 0, 0, 0, 1 + 4 + 28 + 56 + 168, 0, 0, 0, 0});
  const std::vector<Function> products{[](const Tensors& t) { return prod(t[0], {1}); },
                                       [](const Tensors& t) { return prod(t[0]); },
                                       [](const Tensors& t) { return prod(t[0], {0}, true); },
                                       [](const Tensors& t) { return cumprod(t[0], 0); },
                                       [](const Tensors& t) { return cumprod(t[0], -1); }};
  for (const Function& product : products) {
    const auto first = gradcheck(product, {x}), second = gradgradcheck(product, {x});
    CHECK_MESSAGE(first.passed, first.message);
    CHECK_MESSAGE(second.passed, second.message);
  }
}

TEST_CASE("products without elements are 1, and parts of long ones don't overflow") {
  const Tensor none = Tensor::zeros({2, 0}).set_requires_grad(), ones = prod(none, {1});
  CHECK(ones.to_vector<float>() == std::vector<float>{1, 1});
  CHECK(grad({sum(ones)}, {none})[0].shape() == Shape{2, 0});
  CHECK(prod(Tensor::scalar(3)).item() == 3);
  CHECK(cumprod(Tensor::zeros({2, 0}), 1).shape() == Shape{2, 0});
  const Tensor single = Tensor::from({{2.0}, {0.0}}).set_requires_grad();
  check_values(grad({sum(cumprod(single, 1))}, {single})[0], {1, 1});
  const auto by_row = [](const Tensors& t) { return cumprod(t[0], 1); };
  CHECK(gradgradcheck(by_row, {single}).passed);
  Tensor x = Tensor::full({81}, 1e10);
  for (int64_t i = 0; i < 40; ++i) x.mutable_data<float>()[2 * i] = 1e-10f;
  x.set_requires_grad();
  const Tensor y = prod(x);
  CHECK(y.item() == doctest::Approx(1e10).epsilon(1e-6));
  CHECK(grad({y}, {x})[0].to_vector<float>()[80] == doctest::Approx(1).epsilon(1e-6));
  CHECK_THROWS_WITH_AS(prod(Tensor::ones({3}, DType::boolean)),
                       "[prod] needs f32, f64 or i64, got bool", std::invalid_argument);
  CHECK_THROWS_WITH_AS(cumprod(Tensor::arange(3), 0), "[cumprod] needs f32 or f64, got i64",
                       std::invalid_argument);
}
