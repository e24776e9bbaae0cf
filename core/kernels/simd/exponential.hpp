// Exponential functions: exp, expm1, sigmoid and tanh without branches or calls, so that loops over
// them are vectorized. All are exact to a few units in the last place, and NaN stays NaN.
#pragma once

#include <bit>
#include <cstdint>

#include "core/kernels/simd/fma.hpp"

namespace gradus::kernels {

/// x as n·ln 2 + r with an integer n and |r| ≤ ½ ln 2.
template <class T>
struct Exponent {
  static constexpr bool single = sizeof(T) == 4;
  using Bits = std::conditional_t<single, int32_t, int64_t>;
  static constexpr int mantissa = single ? 23 : 52, bias = single ? 127 : 1023;
  // Adding this to a small number puts the nearest integer into the lowest bits.
  static constexpr T shift = static_cast<T>(Bits{3} << (mantissa - 1));

  Bits n;
  T r;
  T lost;  ///< what rounding of r loses
  T rest;  ///< eʳ − 1 − r, computed as r² times a Taylor polynomial

  [[gnu::always_inline]] explicit Exponent(T x) {
    // ln 2 in two parts; the first ends with zeros, so that its product with n is exact.
    constexpr T ln2_head = static_cast<T>(0.693145751953125);
    constexpr T ln2_tail = static_cast<T>(1.42860682030941723212e-6);
    constexpr int degree = single ? 7 : 13;
    const T shifted = fma(x, static_cast<T>(1.44269504088896340736), shift);
    const T whole = shifted - shift;
    const T first = fma(-whole, ln2_head, x);
    r = fma(-whole, ln2_tail, first);
    lost = fma(-whole, ln2_tail, first - r);
    T sum = 1;
#pragma GCC unroll 16
    for (int k = degree; k > 2; --k) sum = fma(sum, r * (T{1} / static_cast<T>(k)), T{1});
    rest = r * r * (sum / 2);
    n = std::bit_cast<Bits>(shifted) - std::bit_cast<Bits>(shift);
  }

  /// eʳ − 1
  [[gnu::always_inline]] T less_one() const {
    return r + rest;
  }
  /// value·2ⁿ, in two steps, since 2ⁿ itself may not be a normal number.
  [[gnu::always_inline]] T scaled(T value) const {
    const Bits half = n >> 1;
    return value * power_of_two(half) * power_of_two(n - half);
  }
  /// 2ⁿ, if that is a normal number.
  [[gnu::always_inline]] static T power_of_two(Bits n) {
    return std::bit_cast<T>((n + bias) << mantissa);
  }
};

template <class T>
[[gnu::always_inline]] inline T within(T x, T low, T high) {
  x = x < low ? low : x;
  return x > high ? high : x;
}

/// eˣ, from infinity down to denormal numbers and 0.
template <class T>
[[gnu::always_inline]] inline T exp(T x) {
  constexpr bool single = sizeof(T) == 4;
  constexpr T low = single ? -104 : -746;  // e^low rounds to 0
  const Exponent<T> e(within<T>(x, low, single ? 89 : 710));
  // A product that becomes 0 would take a hundred times as long as 0 itself.
  return e.scaled(x < low ? T{0} : 1 + e.less_one());
}

/// c₀ + c₁x + c₂x² + …
template <class T, std::size_t count>
[[gnu::always_inline]] inline T polynomial(const T (&c)[count], T x) {
  T sum = 0;
#pragma GCC unroll 32
  for (std::size_t n = 1; n <= count; ++n) sum = fma(sum, x, c[count - n]);
  return sum;
}

/// A number as the sum of its nearest representable one and the rest.
template <class T>
struct TwoParts {
  T head, rest;
};

/// eˣ − 1 for x within ±87 (f32) or ±708 (f64)
template <class T>
[[gnu::always_inline]] inline TwoParts<T> expm1_pair(const Exponent<T>& e) {
  const T scale = e.power_of_two(e.n), below = scale - 1;
  // What rounding of the sum loses: 2ⁿr is smaller than 2ⁿ − 1, or that is 0.
  const T sum = fma(scale, e.r, below);
  const T lost = fma(scale, e.r, below - sum);
  const T rest = fma(scale, e.rest, lost), head = sum + rest;
  return {head, rest - (head - sum)};
}

/// eˣ − 1, exact also near 0; from −1 to infinity.
template <class T>
[[gnu::always_inline]] inline T expm1(T x) {
  constexpr bool single = sizeof(T) == 4;
  const Exponent<T> e(within<T>(x, single ? -87 : -708, single ? 89 : 710));
  // Where 2ⁿ may be infinite, 1 is far below the last place of eˣ.
  return x > (single ? 80 : 700) ? e.scaled(1 + e.less_one()) : expm1_pair(e).head;
}

/// 1/(1 + e⁻ˣ), from 0 to 1, both reached.
template <class T>
[[gnu::always_inline]] inline T sigmoid(T x) {
  constexpr bool single = sizeof(T) == 4;
  // At the upper bound half of e⁻ˣ is infinite, just.
  const Exponent<T> e(within<T>(-x, single ? -87 : -708, single ? T(89.5) : T(710.3)));
  return T{0.5} / fma(1 + e.less_one(), e.power_of_two(e.n - 1), T{0.5});
}

/// tanh |x| = e/(e + 2) = 1 − 2/(e + 2) for e = e^|2x| − 1
template <class T>
[[gnu::always_inline]] inline T tanh(T x) {
  constexpr bool single = sizeof(T) == 4;
  // At the upper bound 1 is reached.
  const T size = within<T>(x < 0 ? -x : x, 0, single ? 10 : 22);
  const TwoParts<T> e = expm1_pair(Exponent<T>(size + size));
  const bool is_large = e.head > 2;
  const T below = e.head + 2, quotient = (is_large ? -2 : e.head) / below;
  // The quotient is corrected by what rounding and the rests change: q = e/(e + 2) means 1/(e + 2)
  // = (1 − q)/2.
  const T lost = e.head - (below - 2);
  const T error = fma(-quotient, below, e.head) + fma(-quotient, e.rest + lost, e.rest);
  const T small = fma(error, T{0.5} - T{0.5} * quotient, quotient);
  const T result = is_large ? 1 + quotient : small;
  return x < 0 ? -result : result;
}

}  // namespace gradus::kernels
