// ulps: errors in units of the last place.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

namespace gradus::testing {

/// One unit of the last place of numbers of type T as large as `x`.
template <class T>
long double unit_of(long double x) {
  using Limits = std::numeric_limits<T>;
  const int exponent = x == 0 || std::isinf(x) ? Limits::min_exponent : std::ilogb(x) + 1;
  return std::ldexp(1.0L, std::max(exponent, Limits::min_exponent) - Limits::digits);
}

/// |got − exact| in units of the last place of the larger of |exact| and `least`; infinite where
/// one is NaN or infinite and the other, rounded to T, is not the same.
template <class T>
long double ulps(T got, long double exact, long double least = 0) {
  if (std::isnan(got) && std::isnan(exact)) return 0;
  const T rounded = static_cast<T>(exact);
  if (!std::isfinite(got) || !std::isfinite(rounded)) return got == rounded ? 0 : INFINITY;
  return std::abs(got - exact) / unit_of<T>(std::max(std::abs(exact), least));
}

}  // namespace gradus::testing
