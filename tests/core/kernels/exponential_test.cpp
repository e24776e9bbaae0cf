#include "core/kernels/simd/exponential.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "core/random.hpp"

using namespace gradus;

TEST_CASE_TEMPLATE("the exponential functions are exact to a few roundings", T, float, double) {
  const auto close = [](T got, long double want) {
    const T allowed = 6 * std::numeric_limits<T>::epsilon();
    return std::abs(got - static_cast<T>(want)) <= allowed * std::abs(static_cast<T>(want));
  };
  Rng rng(2);
  for (int i = 0; i < 20000; ++i) {
    const T size = static_cast<T>(std::pow(10, 4 * rng.uniform() - 3));
    const T x = rng.uniform() < 0.5 ? -size : size;
    CAPTURE(x);
    if (std::abs(x) < 80) CHECK(close(kernels::exp(x), std::exp(static_cast<long double>(x))));
    CHECK(close(kernels::expm1(x), std::expm1(static_cast<long double>(x))));
    CHECK(close(kernels::tanh(x), std::tanh(static_cast<long double>(x))));
    CHECK(close(kernels::sigmoid(x), 1 / (1 + std::exp(-static_cast<long double>(x)))));
  }
  const T infinity = std::numeric_limits<T>::infinity();
  CHECK(kernels::exp(infinity) == infinity);
  CHECK(kernels::exp(-infinity) == 0);
  CHECK(kernels::exp(T{0}) == 1);
  CHECK(std::isnan(kernels::exp(std::numeric_limits<T>::quiet_NaN())));
  // The last that are finite, and denormal numbers.
  const T largest = std::log(std::numeric_limits<T>::max()),
          least = std::log(std::numeric_limits<T>::denorm_min());
  const T below = std::nextafter(largest, T{0});
  CHECK(close(kernels::exp(below), std::exp(static_cast<long double>(below))));
  CHECK(kernels::exp(largest + 1) == infinity);
  CHECK(kernels::exp(least + 1) == doctest::Approx(0));
  CHECK(kernels::exp(least + 1) > 0);
  CHECK(kernels::exp(least - 1) == 0);
  CHECK(kernels::tanh(infinity) == 1);
  CHECK(kernels::tanh(-infinity) == -1);
  CHECK(kernels::tanh(T{0}) == 0);
  CHECK(kernels::sigmoid(infinity) == 1);
  CHECK(kernels::sigmoid(-infinity) >= 0);
  CHECK(kernels::sigmoid(-infinity) < T(1e-37));
  CHECK(std::isnan(kernels::tanh(std::numeric_limits<T>::quiet_NaN())));
  CHECK(std::isnan(kernels::sigmoid(std::numeric_limits<T>::quiet_NaN())));
}
