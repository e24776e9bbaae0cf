// exp, expm1, sigmoid, tanh: compute without branches or calls, so that loops over them are
// vectorized. All are exact to a few units in the last place, and NaN stays NaN.
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

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
  T less_one;  ///< eʳ − 1, computed as r times a Taylor polynomial

  [[gnu::always_inline]] explicit Exponent(T x) {
    // ln 2 in two parts; the first ends with zeros, so that its product with n is exact.
    constexpr T ln2_head = static_cast<T>(0.693145751953125);
    constexpr T ln2_tail = static_cast<T>(1.42860682030941723212e-6);
    constexpr int degree = single ? 7 : 13;
    const T shifted = x * static_cast<T>(1.44269504088896340736) + shift;
    const T whole = shifted - shift;
    const T r = (x - whole * ln2_head) - whole * ln2_tail;
    T sum = 1;
#pragma GCC unroll 16
    for (int k = degree; k > 1; --k) sum = 1 + sum * (r * (T{1} / static_cast<T>(k)));
    less_one = r * sum;
    n = std::bit_cast<Bits>(shifted) - std::bit_cast<Bits>(shift);
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
  const Exponent<T> e(within<T>(x, single ? -104 : -746, single ? 89 : 710));
  // In two steps, since 2ⁿ itself may not be a normal number.
  const auto half = e.n >> 1;
  return (1 + e.less_one) * e.power_of_two(half) * e.power_of_two(e.n - half);
}

/// eˣ − 1, exact also near 0; finite for every finite x, −1 … e⁸⁸ (f32) or e⁷⁰⁹ (f64).
template <class T>
[[gnu::always_inline]] inline T expm1(T x) {
  constexpr bool single = sizeof(T) == 4;
  const Exponent<T> e(within<T>(x, single ? -87 : -708, single ? 88 : 709));
  const T scale = e.power_of_two(e.n);
  return scale * e.less_one + (scale - 1);
}

/// 1/(1 + e⁻ˣ), from 0 to 1, both reached.
template <class T>
[[gnu::always_inline]] inline T sigmoid(T x) {
  constexpr bool single = sizeof(T) == 4;
  // At the upper bound half of e⁻ˣ is infinite, just.
  const Exponent<T> e(within<T>(-x, single ? -87 : -708, single ? T(89.5) : T(710.3)));
  return T{0.5} / ((1 + e.less_one) * e.power_of_two(e.n - 1) + T{0.5});
}

template <class T>
[[gnu::always_inline]] inline T tanh(T x) {
  const T e = expm1(x + x);
  return e / (e + 2);
}

}  // namespace gradus::kernels
