// Trigonometric functions: sin and cos of any argument. Those of f32 are computed in f64 and
// rounded once.
#pragma once

#include "core/kernels/simd/exponential.hpp"

namespace gradus::kernels {

/// An angle as `quadrant`·π/2 + head + rest, where the last two are at most π/4.
struct Angle {
  int64_t quadrant;
  double head, rest;
};

/// The same for |x| ≥ 2²⁰: x·2/π exactly, of which only the bits below 4 and 190 after the point
/// matter (Payne and Hanek 1983, "Radian reduction for trigonometric functions").
Angle large_angle(double x);

/// The same for |x| < 2²⁰.
[[gnu::always_inline]] inline Angle small_angle(double x) {
  // π/2 in three parts (Cody and Waite 1980)
  constexpr double first = 0x1.921fb54442d18p+0, second = 0x1.1a62633145c07p-54,
                   third = -0x1.f1976b7ed8fbcp-110, inverse = 0x1.45f306dc9c883p-1;
  constexpr double shift = Exponent<double>::shift;
  const double shifted = fma(x, inverse, shift), n = shifted - shift;
  const double left = fma(-n, first, x), product = n * second, head = left - product;
  const double lost = fma(n, second, -product), above = left - head;
  return {std::bit_cast<int64_t>(shifted), head, (above - product) - fma(n, third, lost)};
}

[[gnu::always_inline]] inline Angle angle(double x) {
  return x < 0x1p20 && x > -0x1p20 ? small_angle(x) : large_angle(x);
}

/// sin(head + rest) by Taylor's series
[[gnu::always_inline]] inline double sin_near_0(const Angle& a) {
  constexpr double coefficients[] = {-1.0 / 6,
                                     1.0 / 120,
                                     -1.0 / 5040,
                                     1.0 / 362880,
                                     -1.0 / 39916800,
                                     1.0 / 6227020800,
                                     -1.0 / 1307674368000,
                                     1.0 / 355687428096000,
                                     -1.0 / 121645100408832000};
  const double z = a.head * a.head;
  return a.head + fma(a.head * z, polynomial(coefficients, z), fma(-z / 2, a.rest, a.rest));
}

/// cos(head + rest) by Taylor's series
[[gnu::always_inline]] inline double cos_near_0(const Angle& a) {
  constexpr double coefficients[] = {1.0 / 24,
                                     -1.0 / 720,
                                     1.0 / 40320,
                                     -1.0 / 3628800,
                                     1.0 / 479001600,
                                     -1.0 / 87178291200,
                                     1.0 / 20922789888000,
                                     -1.0 / 6402373705728000,
                                     1.0 / 2432902008176640000};
  const double z = a.head * a.head, half = z / 2, below = 1 - half;
  return below + ((1 - below - half) + fma(z * z, polynomial(coefficients, z), -a.head * a.rest));
}

/// sin of the angle plus `quadrants`·π/2
[[gnu::always_inline]] inline double sin_of(const Angle& a, int64_t quadrants) {
  const int64_t quadrant = a.quadrant + quadrants;
  const double result = quadrant & 1 ? cos_near_0(a) : sin_near_0(a);
  return quadrant & 2 ? -result : result;
}

/// sin x; NaN at ±∞.
template <class T>
[[gnu::always_inline]] inline T sin(T x) {
  return static_cast<T>(sin_of(angle(x), 0));
}

/// cos x; NaN at ±∞.
template <class T>
[[gnu::always_inline]] inline T cos(T x) {
  return static_cast<T>(sin_of(angle(x), 1));
}

}  // namespace gradus::kernels
