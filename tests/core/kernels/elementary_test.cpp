#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "core/kernels/simd/arctangent.hpp"
#include "core/kernels/simd/error_function.hpp"
#include "core/kernels/simd/gamma.hpp"
#include "core/kernels/simd/logarithm.hpp"
#include "core/kernels/simd/trigonometric.hpp"
#include "core/math.hpp"
#include "core/parallel.hpp"
#include "core/random.hpp"

using namespace gradus;

namespace {

using Real = long double;

// std::lgamma() writes the sign into a variable that all threads share.
double exact_log_gamma(double x) {
  int sign;
  return lgamma_r(x, &sign);
}
long double exact_log_gamma(long double x) {
  int sign;
  return lgammal_r(x, &sign);
}

/// A function of one argument, and the largest errors in units of the last place.
struct ElementaryFunction {
  const char* name;
  float (*f32)(float);
  double (*f64)(double);
  double (*nearly)(double);  ///< exact to a few roundings of f64
  Real (*exact)(Real);
  double f32_error, f64_error;
  double f64_low, f64_high;  ///< where the result isn't its limit
  double f32_low = -INFINITY, f32_high = INFINITY;
};

template <class T>
T exact_sigmoid(T x) {
  return 1 / (1 + std::exp(-x));
}
template <class T>
T exact_softplus(T x) {
  return std::max<T>(x, 0) + std::log1p(std::exp(-std::abs(x)));
}
template <class T>
T exact_normal_cdf(T x) {
  return std::erfc(x * static_cast<T>(-0.707106781186547524400844362104849039L)) / 2;
}

float single_log_gamma(float x) {
  return static_cast<float>(kernels::log_gamma(x));
}

// f32's functions are f64's, rounded once, except those which networks spend their time with.
constexpr double once = 0.5001;
const ElementaryFunction functions[] = {
    {"exp", kernels::exp, kernels::exp, std::exp, std::exp, 1, 1, -745, 709.7},
    {"expm1", kernels::expm1, kernels::expm1, std::expm1, std::expm1, 1.3, 1.3, -40, 709.7},
    {"sigmoid", kernels::sigmoid, kernels::sigmoid, exact_sigmoid, exact_sigmoid, 2.1, 2.1, -707,
     40, -87, INFINITY},
    {"tanh", kernels::tanh, kernels::tanh, std::tanh, std::tanh, 1.5, 1.4, -22, 22},
    {"log", kernels::log, kernels::log, std::log, std::log, once, 0.51, 1e-320, 1e308},
    {"log1p", kernels::log1p, kernels::log1p, std::log1p, std::log1p, once, 0.7, -0.9999, 1e308},
    {"softplus", kernels::softplus, kernels::softplus, exact_softplus, exact_softplus, once, 1.5,
     -700, 700},
    {"sin", kernels::sin, kernels::sin, std::sin, std::sin, once, 0.82, -1e300, 1e300},
    {"cos", kernels::cos, kernels::cos, std::cos, std::cos, once, 0.82, -1e300, 1e300},
    {"erf", kernels::erf, kernels::erf, std::erf, std::erf, once, 1.7, -6, 6},
    {"erfc", kernels::erfc, kernels::erfc, std::erfc, std::erfc, once, 4, -6, 26.5},
    {"log_gamma", single_log_gamma, kernels::log_gamma, exact_log_gamma, exact_log_gamma, once, 4,
     0, 1e305},
    {"normal_cdf", kernels::normal_cdf, kernels::normal_cdf, exact_normal_cdf, exact_normal_cdf,
     4.5, 5.1, -37.5, 8},
};

/// The error in units of the last place of the exact result; 0 if both are infinite or NaN.
template <class T>
double error_of(T got, Real exact) {
  const T rounded = static_cast<T>(exact);
  if (got == rounded || (std::isnan(got) && std::isnan(rounded))) return 0;
  if (!std::isfinite(got) || !std::isfinite(rounded)) return INFINITY;
  const int exponent = std::max(std::ilogb(exact), std::numeric_limits<T>::min_exponent - 1);
  const Real unit = std::ldexp(Real{1}, exponent - std::numeric_limits<T>::digits + 1);
  return static_cast<double>(std::abs(got - exact) / unit);
}

/// The largest error over every `step`-th f32 number, of both signs, with infinities and NaNs.
double largest_f32_error(const ElementaryFunction& function, uint64_t step) {
  constexpr int64_t chunks = 256;
  std::vector<double> errors(chunks);
  parallel_for(chunks, 1, [&](int64_t begin, int64_t end) {
    for (int64_t chunk = begin; chunk < end; ++chunk)
      for (uint64_t low = 0; low < 1 << 24; low += step) {
        const auto bits = static_cast<uint32_t>(static_cast<uint64_t>(chunk) << 24 | low);
        const float x = std::bit_cast<float>(bits), got = function.f32(x);
        if (x < function.f32_low || x > function.f32_high) continue;
        if (got == static_cast<float>(function.nearly(x))) continue;
        double& error = errors[static_cast<std::size_t>(chunk)];
        error = std::max(error, error_of(got, function.exact(x)));
      }
  });
  return *std::ranges::max_element(errors);
}

}  // namespace

TEST_CASE("elementary functions of f32 have the stated errors") {
  // GRADUS_ALL_FLOATS=erf checks all 2³² numbers of a function, for some minutes; "all" those of
  // all.
  const char* all = std::getenv("GRADUS_ALL_FLOATS");
  for (const ElementaryFunction& function : functions) {
    INFO(function.name);
    const bool is_chosen =
        all && (all == std::string_view("all") || all == std::string_view(function.name));
    const uint64_t step = is_chosen ? 1 : 9973;
    CHECK(largest_f32_error(function, step) <= function.f32_error);
  }
}

TEST_CASE("elementary functions of f64 have the stated errors") {
  Rng rng(2);
  for (const ElementaryFunction& function : functions) {
    INFO(function.name);
    const auto check = [&](double x) {
      if (x < function.f64_low || x > function.f64_high) return;
      const double error = error_of(function.f64(x), function.exact(x));
      CAPTURE(x);
      if (error > function.f64_error) CHECK(error <= function.f64_error);
    };
    for (int i = 0; i < 20000; ++i) {
      // Small and large numbers of all magnitudes, and evenly spread ones.
      const double size = std::pow(10, 40 * rng.uniform() - 20);
      check(rng.uniform() < 0.5 ? -size : size);
      check(std::lerp(function.f64_low, function.f64_high, rng.uniform()));
      check(20 * rng.uniform() - 10);
    }
  }
}

TEST_CASE_TEMPLATE("elementary functions have the special values of <cmath>", T, float, double) {
  const T infinity = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN(),
          most = std::numeric_limits<T>::max(), least = std::numeric_limits<T>::denorm_min();
  const auto same = [](T a, T b) {
    return (a == b && std::signbit(a) == std::signbit(b)) || (std::isnan(a) && std::isnan(b));
  };
  const T edges[] = {-infinity, -most,  -3, -2,     T(-1.5), -1, T(-0.5), -least,   T{-0.0}, 0,
                     least,     T(0.5), 1,  T(1.5), 2,       3,  most,    infinity, nan};
  for (const T x : edges) {
    CAPTURE(x);
    const auto close = [&](T got, T want) {
      return same(got, want) ||
             std::abs(got - want) <= 4 * std::numeric_limits<T>::epsilon() * std::abs(want);
    };
    CHECK(close(kernels::exp(x), std::exp(x)));
    CHECK(close(kernels::tanh(x), std::tanh(x)));
    CHECK(close(kernels::log(x), std::log(x)));
    CHECK(close(kernels::log1p(x), std::log1p(x)));
    CHECK(close(kernels::sin(x), std::sin(x)));
    CHECK(close(kernels::cos(x), std::cos(x)));
    CHECK(close(kernels::expm1(x), std::expm1(x)));
    CHECK(close(static_cast<T>(kernels::log_gamma(x)), std::lgamma(x)));
    CHECK(close(kernels::erf(x), std::erf(x)));
    CHECK(close(kernels::erfc(x), std::erfc(x)));
    CHECK(close(kernels::softplus(x),
                x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x))));
    for (const T y : edges) {
      CAPTURE(y);
      CHECK(close(kernels::pow(x, y), std::pow(x, y)));
      CHECK(close(kernels::atan2(x, y), std::atan2(x, y)));
      if (x == x && y == y)
        CHECK(std::signbit(kernels::atan2(x, y)) == std::signbit(std::atan2(x, y)));
    }
  }
}

TEST_CASE("pow is exact where its result is, and near it elsewhere") {
  for (int base = -30; base <= 30; ++base)
    for (int exponent = 0, limit = base * base < 2 ? 50 : 10; exponent <= limit; ++exponent)
      CHECK(kernels::pow<double>(base, exponent) == std::pow<Real>(base, exponent));
  CHECK(math::pow(2, -1074) == std::numeric_limits<double>::denorm_min());
  CHECK(math::pow(144, 0.5) == 12);
  Rng rng(3);
  for (int i = 0; i < 20000; ++i) {
    const double x = std::pow(10, 20 * rng.uniform() - 10), y = 60 * rng.uniform() - 30;
    CAPTURE(x);
    CAPTURE(y);
    const double error = error_of(kernels::pow(x, y), std::pow<Real>(x, y));
    if (error > 0.65) CHECK(error <= 0.65);
    const float a = static_cast<float>(x), b = static_cast<float>(y / 8);
    CHECK(error_of(kernels::pow(a, b), std::pow<Real>(a, b)) <= once);
  }
}

TEST_CASE("angles of points of all directions have the stated errors") {
  Rng rng(4);
  for (int i = 0; i < 20000; ++i) {
    const auto any = [&] { return (2 * rng.uniform() - 1) * std::pow(10, 10 * rng.uniform() - 5); };
    const double y = any(), x = any();
    CAPTURE(y);
    CAPTURE(x);
    const double error = error_of(kernels::atan2(y, x), std::atan2(Real{y}, Real{x}));
    if (error > 0.6) CHECK(error <= 0.6);
    const float b = static_cast<float>(y), a = static_cast<float>(x);
    CHECK(error_of(kernels::atan2(b, a), std::atan2(Real{b}, Real{a})) <= once);
  }
}

TEST_CASE("math's functions are those of the kernels, or made of them") {
  for (const double x : {-3.0, -0.7, 0.2, 1.0, 4.5, 1e9}) {
    CHECK(error_of(math::exp(x / 4), std::exp(Real{x} / 4)) <= 1);
    CHECK(error_of(math::log(std::abs(x)), std::log(std::abs(Real{x}))) <= 0.51);
    CHECK(error_of(math::log1p(std::abs(x)), std::log1p(std::abs(Real{x}))) <= 0.7);
    CHECK(error_of(math::sin(x), std::sin(Real{x})) <= 0.82);
    CHECK(error_of(math::cos(x), std::cos(Real{x})) <= 0.82);
    CHECK(error_of(math::tan(x), std::tan(Real{x})) <= 2.5);
    CHECK(error_of(math::hypot(x, 2), std::hypot(Real{x}, Real{2})) <= 2);
  }
  CHECK(math::hypot(3e200, -4e200) == doctest::Approx(5e200));
  CHECK(math::hypot(0, 0) == 0);
  CHECK(math::hypot(INFINITY, 1) == INFINITY);
  CHECK(math::hypot(-INFINITY, 1) == INFINITY);
  CHECK(std::isnan(math::hypot(NAN, 1)));
  CHECK(std::isnan(math::hypot(1, NAN)));
}
