// atan2: the angle of a point, without branches, so that loops over it are vectorized. That of f32
// is computed in f64 and rounded once.
#pragma once

#include <cmath>

#include "core/kernels/simd/exponential.hpp"

namespace gradus::kernels {

/// arctan z for |z| ≤ tan(π/8): z + z³ times a polynomial in z². The coefficients interpolate at
/// Chebyshev's points, from 60 digits; error 3·10⁻¹⁸.
[[gnu::always_inline]] inline double atan_near_0(double z) {
  constexpr double coefficients[] = {
      -0x1.5555555555555p-2, 0x1.9999999999953p-3, -0x1.249249248d7eep-3, 0x1.c71c71c304b68p-4,
      -0x1.745d165df3f95p-4, 0x1.3b1392d9e785cp-4, -0x1.110e880a7a521p-4, 0x1.e19a13b9fc6dfp-5,
      -0x1.ac7a938b69c93p-5, 0x1.74ddd408bb4c1p-5, -0x1.1b33b923aa954p-5, 0x1.0ad36a455cafbp-6};
  const double square = z * z;
  return fma(z * square, polynomial(coefficients, square), z);
}

/// The angle of the point (x, y) from the positive x-axis, from −π to π; its sign is that of y, and
/// signed zeros count, as in IEEE 754.
template <class T>
[[gnu::always_inline]] inline T atan2(T y, T x) {
  constexpr double eighth = 0x1.a827999fcef32p-2;  // tan(π/8)
  constexpr double quarter_pi = 0x1.921fb54442d18p-1, lost = 0x1.1a62633145c07p-55;
  const double height = std::abs(static_cast<double>(y)), width = std::abs(static_cast<double>(x));
  const bool is_steep = height > width, is_left = std::copysign(1.0, static_cast<double>(x)) < 0;
  const double lower = is_steep ? width : height, upper = is_steep ? height : width;
  // 0/0 and ∞/∞ are limits of axes and of diagonals.
  const double quotient = lower == upper ? (upper == 0 ? 0 : 1) : lower / upper;
  const bool is_wide = quotient > eighth;
  const double turned = atan_near_0(is_wide ? (quotient - 1) / (quotient + 1) : quotient);
  // The angle is a multiple of π/4 and `turned`, which steep points and left ones mirror.
  const double in_octant = is_wide ? 1 : 0, in_quadrant = is_steep ? 2 - in_octant : in_octant;
  const double multiple = is_left ? 4 - in_quadrant : in_quadrant;
  const double rest = is_steep == is_left ? turned : -turned;
  const double head = multiple * quarter_pi;
  const double tail = rest + fma(multiple, lost, fma(multiple, quarter_pi, -head));
  return static_cast<T>(std::copysign(head + tail, static_cast<double>(y)));
}

}  // namespace gradus::kernels
