// atan2: the angle of a point, without branches, so that loops over it are vectorized. That of f32
// is computed in f64 and rounded once.
#pragma once

#include <cmath>
#include <limits>

#include "core/kernels/simd/exponential.hpp"

namespace gradus::kernels {

/// (arctan z − z)/z³ for z² ≤ tan²(π/8): a polynomial whose coefficients interpolate at Chebyshev's
/// points, from 60 digits; its part of arctan z has an error of 3·10⁻¹⁸.
[[gnu::always_inline]] inline double atan_series(double square) {
  constexpr double coefficients[] = {
      -0x1.5555555555555p-2, 0x1.9999999999953p-3, -0x1.249249248d7eep-3, 0x1.c71c71c304b68p-4,
      -0x1.745d165df3f95p-4, 0x1.3b1392d9e785cp-4, -0x1.110e880a7a521p-4, 0x1.e19a13b9fc6dfp-5,
      -0x1.ac7a938b69c93p-5, 0x1.74ddd408bb4c1p-5, -0x1.1b33b923aa954p-5, 0x1.0ad36a455cafbp-6};
  return polynomial(coefficients, square);
}

/// The angle of the point (x, y) from the positive x-axis, from −π to π; its sign is that of y, and
/// signed zeros count, as in IEEE 754.
template <class T>
[[gnu::always_inline]] inline T atan2(T y, T x) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  constexpr double eighth = 0x1.a827999fcef32p-2;  // tan(π/8)
  constexpr double quarter_pi = 0x1.921fb54442d18p-1, quarter_rest = 0x1.1a62633145c07p-55;
  const double height = std::abs(static_cast<double>(y)), width = std::abs(static_cast<double>(x));
  const bool is_steep = height > width, is_left = std::copysign(1.0, static_cast<double>(x)) < 0;
  const double low = is_steep ? width : height, high = is_steep ? height : width;
  // The same direction, where no sum overflows and no rest underflows.
  const double scale = high > 0x1p1000 ? 0x1p-100 : high < 0x1p-900 ? 0x1p100 : 1;
  const double upper = high == infinity || high == 0 ? 1 : high * scale;
  const double lower = high < infinity ? low * scale : low == infinity ? 1 : low - low;
  // arctan(lower/upper) = π/4 + arctan((lower − upper)/(lower + upper))
  const bool is_wide = lower > eighth * upper;
  const double above = is_wide ? lower - upper : lower, below = is_wide ? lower + upper : upper;
  const double quotient = above / below;
  const double lost =
      is_wide ? (lower - (above + upper)) - quotient * (lower - (below - upper)) : 0;
  const double rest = (fma(-quotient, below, above) + lost) / below;
  const double square = quotient * quotient;
  const double small = fma(quotient * square, atan_series(square), fma(-square, rest, rest));
  // A multiple of π/4 and a smaller angle, which steep points and left ones mirror.
  const double in_octant = is_wide ? 1 : 0, in_quadrant = is_steep ? 2 - in_octant : in_octant;
  const double multiple = is_left ? 4 - in_quadrant : in_quadrant;
  const double side = is_steep == is_left ? 1 : -1;
  const double turn = multiple * quarter_pi, head = turn + side * quotient;
  const double tail = fma(multiple, quarter_rest, fma(multiple, quarter_pi, -turn)) + side * small;
  return static_cast<T>(
      std::copysign(head + ((side * quotient - (head - turn)) + tail), static_cast<double>(y)));
}

}  // namespace gradus::kernels
