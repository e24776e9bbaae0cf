// Logarithms and powers: log, log1p, softplus and pow without branches, so that loops over them are
// vectorized. Those of f32 are computed in f64 and rounded once.
#pragma once

#include <cmath>
#include <limits>

#include "core/kernels/simd/exponential.hpp"

namespace gradus::kernels {

/// log x in two parts, whose sum is exact to 2⁻⁶⁴ of it; x positive and finite.
[[gnu::always_inline]] inline TwoParts<double> log_pair(double x) {
  constexpr int mantissa = 52;
  constexpr auto one = std::bit_cast<uint64_t>(1.0);
  constexpr uint64_t below_one = one - std::bit_cast<uint64_t>(0x1.6a09e667f3bcdp-1);
  // The first part of ln 2 ends with zeros, so that its product with k is exact.
  constexpr double ln2_head = 0x1.62e42fefa38p-1, ln2_tail = 0x1.ef35793c7673p-45;
  constexpr double third = 1.0 / 3, third_rest = 0x1p-54 / 3;
  const bool denormal = x < std::numeric_limits<double>::min();
  const auto bits = std::bit_cast<uint64_t>(denormal ? x * 0x1p54 : x);
  // x = 2ᵏ·m with m from √½ to √2. Adding 2⁵² makes a number of an integer's bits.
  const uint64_t exponent = (bits + below_one) >> mantissa;
  const double m = std::bit_cast<double>(bits - (exponent << mantissa) + one);
  const double k = std::bit_cast<double>(exponent | std::bit_cast<uint64_t>(0x1p52)) -
                   (denormal ? 0x1p52 + 1023 + 54 : 0x1p52 + 1023);
  // log m = 2·artanh s = 2(s + s³/3 + s⁵/5 + …) with s = (m − 1)/(m + 1), in two parts
  const double above = m - 1, sum = m + 1, lost = above - (sum - 2);
  const double inverse = 1 / sum, s = above * inverse;
  const double s_rest = (fma(-s, sum, above) - s * lost) * inverse;
  const double z = s * s, z_rest = fma(s, s, -z) + 2 * s * s_rest;
  const double cube = s * z, cube_rest = fma(s, z, -cube) + s * z_rest + s_rest * z;
  const double second = cube * third;
  const double second_rest = fma(cube, third, -second) + cube * third_rest + cube_rest * third;
  constexpr double coefficients[] = {1.0 / 5,  1.0 / 7,  1.0 / 9,  1.0 / 11, 1.0 / 13,
                                     1.0 / 15, 1.0 / 17, 1.0 / 19, 1.0 / 21, 1.0 / 23};
  const double series = polynomial(coefficients, z);
  // The larger part is always the first, or 0.
  const double a = k * ln2_head, b = a + 2 * s, c = b + 2 * second;
  const double rounding = (2 * s - (b - a)) + (2 * second - (c - b));
  const double tail =
      rounding + fma(k, ln2_tail, 2 * (s_rest + fma(cube * z, series, second_rest)));
  const double head = c + tail;
  return {head, tail - (head - c)};
}

/// `value` if x is positive and finite, else the limit of log x.
[[gnu::always_inline]] inline double or_limit(double value, double x) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const double limit = x == 0 ? -infinity : x < 0 ? std::numeric_limits<double>::quiet_NaN() : x;
  return x > 0 && x < infinity ? value : limit;
}

/// log x; −∞ at 0, NaN below.
template <class T>
[[gnu::always_inline]] inline T log(T x) {
  return static_cast<T>(or_limit(log_pair(x).head, x));
}

/// log(1 + x), exact also near 0; −∞ at −1, NaN below.
template <class T>
[[gnu::always_inline]] inline T log1p(T value) {
  const double x = value, sum = 1 + x;
  const double lost = x < 1 ? x - (sum - 1) : 1 - (sum - x);
  const TwoParts<double> logarithm = log_pair(sum);
  return static_cast<T>(or_limit(logarithm.head + (logarithm.rest + lost / sum), sum));
}

/// log(1 + eˣ), without overflow.
template <class T>
[[gnu::always_inline]] inline T softplus(T value) {
  const double x = value;
  return static_cast<T>((x < 0 ? 0 : x) + log1p<double>(exp<double>(x < 0 ? x : -x)));
}

/// xʸ with the special cases of IEEE 754: 1 for y = 0 and for x = 1; NaN for x < 0 unless y is an
/// integer. The error is 0.63 units in the last place at most: what has an exact result gets it.
template <class T>
[[gnu::always_inline]] inline T pow(T base, T exponent) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const double x = base, y = exponent, size = x < 0 ? -x : x;
  // y·log x in two parts
  const TwoParts<double> logarithm = log_pair(size);
  const double head = y * or_limit(logarithm.head, size);
  const double rest =
      head < 1000 && head > -1000 ? fma(y, logarithm.head, -head) + y * logarithm.rest : 0;
  const Exponent<double> e(within<double>(head, -746, 710));
  const double sum = 1 + e.r, rounding = e.r - (sum - 1);
  const double power = e.scaled(sum + (rounding + fma(1 + e.less_one(), e.lost + rest, e.rest)));
  const double magnitude = y == 0 || x == 1 || (size == 1 && y == y) ? 1 : power;
  const bool is_integer = std::floor(y) == y;
  const bool is_odd = is_integer && std::floor(y / 2) != y / 2;
  const double is_signed = is_odd ? std::copysign(magnitude, x) : magnitude;
  return static_cast<T>(
      x < 0 && !is_integer && x > -infinity ? std::numeric_limits<double>::quiet_NaN() : is_signed);
}

}  // namespace gradus::kernels
