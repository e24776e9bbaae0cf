// Exponential functions without branches or calls: loops over them become vectors.
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

namespace gradus::kernels {

/// eˣ − 1, to a few units in the last place also near 0; finite for every finite x, −1 … e⁸⁸ (f32)
/// or e⁷⁰⁹ (f64). With x = n·ln 2 + r, |r| ≤ ½ ln 2, it is 2ⁿ(eʳ − 1) + (2ⁿ − 1), and eʳ − 1 is r
/// times a Taylor polynomial.
template <class T>
[[gnu::always_inline]] inline T expm1(T x) {
  constexpr bool single = sizeof(T) == 4;
  using Bits = std::conditional_t<single, uint32_t, uint64_t>;
  constexpr int mantissa = single ? 23 : 52, degree = single ? 7 : 13;
  constexpr T low = single ? -87 : -708, high = single ? 88 : 709;
  // ln 2 in two parts, the first with zeros at its end: its product with n is exact.
  constexpr T ln2_head = static_cast<T>(0.693145751953125);
  constexpr T ln2_tail = static_cast<T>(1.42860682030941723212e-6);
  // Added to a small number it leaves the nearest integer in the lowest bits.
  constexpr T shift = static_cast<T>(Bits{3} << (mantissa - 1));

  x = x < low ? low : x;
  x = x > high ? high : x;
  const T shifted = x * static_cast<T>(1.44269504088896340736) + shift;
  const T n = shifted - shift;
  const T r = (x - n * ln2_head) - n * ln2_tail;
  T sum = 1;
#pragma GCC unroll 16
  for (int k = degree; k > 1; --k) sum = 1 + sum * (r * (T{1} / static_cast<T>(k)));
  const T scale = std::bit_cast<T>((std::bit_cast<Bits>(shifted) << mantissa) +
                                   (static_cast<Bits>(single ? 127 : 1023) << mantissa));
  return scale * (r * sum) + (scale - 1);
}

template <class T>
[[gnu::always_inline]] inline T sigmoid(T x) {
  return 1 / (2 + expm1(-x));
}

template <class T>
[[gnu::always_inline]] inline T tanh(T x) {
  const T e = expm1(x + x);
  return e / (e + 2);
}

}  // namespace gradus::kernels
