#include "core/ops/binary.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/autograd.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"

using namespace gradus;

namespace {

using Numbers = std::vector<double>;

// The gradients of the sum of f(a, b).
Tensors slopes(Tensor (*f)(const Tensor&, const Tensor&), const Numbers& a, const Numbers& b) {
  const Tensor x = Tensor::from(a, {std::ssize(a)}).set_requires_grad(),
               y = Tensor::from(b, {std::ssize(b)}).set_requires_grad();
  return grad({sum(f(x, y))}, {x, y});
}

}  // namespace

TEST_CASE("powers of 0 and of negative numbers have the derivatives of PyTorch") {
  const Numbers x{0, 0, 0, 0, -2, -2, 4}, y{0, 1, 2, 0.5, 3, -1, 0};
  const Tensors found = slopes(pow, x, y);
  CHECK(found[0].to_vector<double>() == Numbers{0, 1, 0, INFINITY, 12, -0.25, 0});
  const Numbers by_y = found[1].to_vector<double>();
  CHECK(Numbers(by_y.begin(), by_y.begin() + 4) == Numbers{0, 0, 0, 0});
  CHECK(std::isnan(by_y[4]));
  CHECK(std::isnan(by_y[5]));
  CHECK(by_y[6] == doctest::Approx(std::log(4)));
  const Tensor base = Tensor::from({0.0, 0.0, -3.0}).set_requires_grad();
  const Tensor exponent = Tensor::from({2.0, 3.0, 3.0});
  const Tensor slope = grad({sum(pow(base, exponent))}, {base}, {.create_graph = true})[0];
  CHECK(grad({sum(slope)}, {base})[0].to_vector<double>() == Numbers{2, 0, -18});
}

TEST_CASE("logaddexp takes infinities and numbers whose exponentials overflow") {
  const Tensor a = Tensor::from({-INFINITY, -INFINITY, INFINITY, INFINITY, 1000.f, -1000.f}),
               b = Tensor::from({-INFINITY, 2.f, -INFINITY, INFINITY, 1000.f, -1000.f});
  const float log_2 = 0.693147181f;
  CHECK(logaddexp(a, b).to_vector<float>() ==
        std::vector<float>{-INFINITY, 2, INFINITY, INFINITY, 1000 + log_2, -1000 + log_2});
  const Tensors found =
      slopes(logaddexp, {-INFINITY, -INFINITY, INFINITY, 800}, {-INFINITY, 2, INFINITY, -800});
  CHECK(found[0].to_vector<double>() == Numbers{0.5, 0, 0.5, 1});
  CHECK(found[1].to_vector<double>() == Numbers{0.5, 1, 0.5, 0});
}

TEST_CASE("atan2 knows all quadrants, axes and signed zeros, and has slopes of any size") {
  const double pi = 3.141592653589793;
  const Tensor y = Tensor::from({1., 1., -1., -1., 0., -0., 0., -0., 2., -2.}),
               x = Tensor::from({1., -1., -1., 1., 1., 1., -1., -1., 0., -0.});
  CHECK(gradus::atan2(y, x).to_vector<double>() ==
        Numbers{pi / 4, 3 * pi / 4, -3 * pi / 4, -pi / 4, 0, 0, pi, -pi, pi / 2, -pi / 2});
  CHECK(std::signbit(gradus::atan2(y, x).to_vector<double>()[5]));
  CHECK(slopes(gradus::atan2, {0}, {0})[0].item() == 0);
  CHECK(slopes(gradus::atan2, {0}, {0})[1].item() == 0);
  const Tensors found = slopes(gradus::atan2, {1e-200, 1e200, 3}, {1e-200, 1e200, 4});
  const Numbers by_a{5e199, 5e-201, 0.16}, by_b{-5e199, -5e-201, -0.12};
  for (std::size_t i = 0; i < by_a.size(); ++i) {
    CHECK(found[0].to_vector<double>()[i] == doctest::Approx(by_a[i]).epsilon(1e-14).scale(0));
    CHECK(found[1].to_vector<double>()[i] == doctest::Approx(by_b[i]).epsilon(1e-14).scale(0));
  }
}

TEST_CASE("fmod has the sign of the dividend and remainder that of the divisor") {
  const Numbers a{7, -7, 7, -7, 6, -1}, b{3, 3, -3, -3, 3, INFINITY};
  const Tensor x = Tensor::from(a, {6}), y = Tensor::from(b, {6});
  CHECK(gradus::fmod(x, y).to_vector<double>() == Numbers{1, -1, 1, -1, 0, -1});
  CHECK(gradus::remainder(x, y).to_vector<double>() == Numbers{1, 2, -2, -1, 0, INFINITY});
  CHECK(slopes(gradus::fmod, a, b)[1].to_vector<double>() == Numbers{-2, 2, 2, -2, -2, 0});
  CHECK(slopes(gradus::remainder, a, b)[1].to_vector<double>() == Numbers{-2, 3, 3, -2, -2, 1});
  CHECK(slopes(gradus::remainder, a, b)[0].to_vector<double>() == Numbers{1, 1, 1, 1, 1, 1});
  CHECK(std::isnan(gradus::fmod(Tensor::scalar(1), Tensor::scalar(0)).item()));
  CHECK(std::isnan(gradus::remainder(Tensor::scalar(1), Tensor::scalar(0)).item()));
  // The quotient rounds to 3, but isn't.
  const double below = std::nextafter(3 * 0.1, 0);
  CHECK(slopes(gradus::fmod, {below}, {0.1})[1].item() == -2);
}

TEST_CASE("functions of two elements refuse types and shapes that don't fit") {
  const Tensor x = Tensor::zeros({2, 3});
  CHECK_THROWS_WITH_AS(pow(x, Tensor::zeros({3}, DType::f64)),
                       "[pow] both operands must have the same type, got f32 and f64",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(gradus::atan2(Tensor::arange(3), Tensor::arange(3)),
                       "[atan2] needs f32 or f64, got i64", std::invalid_argument);
  CHECK_THROWS_WITH_AS(logaddexp(x, Tensor::zeros({2})),
                       "[logaddexp] shapes (2, 3) and (2) don't broadcast: 3 against 2",
                       std::invalid_argument);
}
