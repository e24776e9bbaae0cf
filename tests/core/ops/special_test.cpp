#include "core/ops/special.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/autograd.hpp"
#include "core/gradcheck.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"

using namespace gradus;

namespace {

void check_near(const Tensor& x, const std::vector<double>& wanted) {
  REQUIRE(x.numel() == std::ssize(wanted));
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    CAPTURE(i);
    CHECK(x.data<double>()[i] == doctest::Approx(wanted[i]).epsilon(1e-13).scale(0));
  }
}

}  // namespace

TEST_CASE("round goes to the even one of two nearest integers") {
  const Tensor x = Tensor::from({-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.7});
  CHECK(gradus::round(x).to_vector<double>() == std::vector<double>{-2, -2, 0, 0, 2, 2, 3});
  CHECK(gradus::floor(x).to_vector<double>() == std::vector<double>{-3, -2, -1, 0, 1, 2, 2});
  CHECK(gradus::ceil(x).to_vector<double>() == std::vector<double>{-2, -1, 0, 1, 2, 3, 3});
}

TEST_CASE("expm1 reaches infinity where the exponential does") {
  CHECK(std::isfinite(gradus::expm1(Tensor::scalar(88.7)).item()));
  CHECK(gradus::expm1(Tensor::scalar(88.7)).item() ==
        doctest::Approx(std::exp(static_cast<double>(88.7f))).epsilon(1e-6));
  CHECK(gradus::expm1(Tensor::scalar(89)).item() == INFINITY);
  CHECK(gradus::expm1(Tensor::scalar(709.7, DType::f64)).item() ==
        doctest::Approx(std::expm1(709.7)).epsilon(1e-15));
  CHECK(gradus::expm1(Tensor::scalar(710, DType::f64)).item() == INFINITY);
}

TEST_CASE("the gamma function and its derivatives have the values of tables") {
  // Computed with 50 digits.
  const Tensor x = Tensor::from({-20.25, -9.25, -2.25, -0.5, 1e-5, 1.000001, 1.75, 30.0, 1e10});
  check_near(gradus::lgamma(x), {-41.60096191534053, -11.876720195346673, 0.5555015450206475,
                                 1.2655121234846454, 11.512919692895826, -5.772148423874147e-07,
                                 -0.08440112102048555, 71.25703896716801, 220258509288.81058});
  check_near(digamma(x), {6.174235633614484, 5.419297444276517, 4.158583564657972,
                          0.03648997397857652, -100000.57719921567, -0.5772140199686682,
                          0.24747245354686118, 3.384438132685525, 23.025850929890456});
  check_near(polygamma(1, x), {19.69102535100871, 19.636734280660725, 19.37941051186914,
                               8.934802200544679, 10000000001.644909, 1.6449316627376673,
                               0.7641018698938287, 0.033895060357739946, 1.00000000005e-10});
  check_near(polygamma(2, x), {124.02278552474384, 124.01461482266527, 123.89694977406016,
                               -0.82879664423432, -2000000000000002.0, -2.40410731239223,
                               -0.5618924755968989, -0.0011487652037286, -1.0000000001e-20});
  check_near(polygamma(5, x), {492231.26710433484, 492231.2668416894, 492231.1355044701,
                               15371.113548602436, 1.1999999999999994e+32, 122.0804414291845,
                               4.5146597470076975, 1.0726994936161623e-06, 2.4000000006e-49});
}

TEST_CASE("derivatives of the gamma function are right left of 0, to the third") {
  const Tensor x = Tensor::from({-12.3, -8.7, -3.4, -0.6, 0.3, 2.2}).set_requires_grad();
  for (int order = 0; order < 4; ++order) {
    CAPTURE(order);
    const Function f = [order](const Tensors& t) { return polygamma(order, t[0]); };
    const auto first = gradcheck(f, {x}), second = gradgradcheck(f, {x}, {.rtol = 1e-4});
    CHECK_MESSAGE(first.passed, first.message);
    CHECK_MESSAGE(second.passed, second.message);
  }
  const Function f = [](const Tensors& t) { return gradus::lgamma(t[0]); };
  CHECK(gradcheck(f, {x}));
  CHECK(gradgradcheck(f, {x}));
}

TEST_CASE("functions of one element refuse integers and negative orders") {
  CHECK_THROWS_WITH_AS(gradus::lgamma(Tensor::arange(3)), "[lgamma] needs f32 or f64, got i64",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(digamma(Tensor::arange(3)), "[digamma] needs f32 or f64, got i64",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(polygamma(-1, Tensor::zeros({2})),
                       "[polygamma] order must be 0 or more, got -1", std::invalid_argument);
}
