// Error functions: erf, erfc and the normal distribution's function without branches, so that
// loops over them are vectorized. erf and erfc of f32 are computed in f64 and rounded once.
#pragma once

#include "core/kernels/simd/exponential.hpp"

namespace gradus::kernels {

/// Below it erf is computed from its Taylor series, above from erfc.
inline constexpr double erf_switch = 0.75;

/// 2/√π (x − x³/3 + x⁵/(2!·5) − …) for |x| ≤ erf_switch
[[gnu::always_inline]] inline double erf_series(double x) {
  // (−1)ⁿ/(n!·(2n + 1)) for n from 1, and 2/√π in two parts
  constexpr double coefficients[] = {
      -1.0 / 3,         1.0 / 10,          -1.0 / 42,           1.0 / 216,          -1.0 / 1320,
      1.0 / 9360,       -1.0 / 75600,      1.0 / 685440,        -1.0 / 6894720,     1.0 / 76204800,
      -1.0 / 918086400, 1.0 / 11975040000, -1.0 / 168129561600, 1.0 / 2528170444800};
  constexpr double scale = 0x1.20dd750429b6dp+0, scale_rest = 0x1.1ae3a914fed8p-56;
  const double z = x * x, series = polynomial(coefficients, z);
  const double rest = x * z * series;
  return fma(scale, x, fma(scale, rest, scale_rest * x));
}

/// x² in two parts
[[gnu::always_inline]] inline TwoParts<double> square_pair(double x) {
  const double square = x * x;
  return {square, fma(x, x, -square)};
}

/// erfc x for x ≥ erf_switch and its square: e^(−x²)/(1 + 2x) times a polynomial in q = (x − 3)/(x
/// + 3), as in Shepherd and Laframboise 1981, "Chebyshev approximation of (1 + 2x) exp(x²) erfc x
/// in 0 ≤ x < ∞". The coefficients interpolate at Chebyshev's points, from 50 digits; error
/// 5·10⁻¹⁷.
[[gnu::always_inline]] inline double erfc_tail(double x, const TwoParts<double>& square) {
  constexpr double coefficients[] = {
      0x1.40c522d7e4987p+0,  -0x1.15c084bb9e9p-3,    -0x1.85a15c58aa5edp-5,  0x1.098366a5b4e71p-3,
      -0x1.e88b803a49227p-4, 0x1.17ca2877c635cp-4,   -0x1.8574c40ba2bb3p-6,  0x1.4b884eb126ea6p-9,
      0x1.ef1bdcd6c5c14p-10, -0x1.98db63f014203p-11, -0x1.b912030b30855p-14, 0x1.065c21e0f8e3ap-13,
      0x1.4be90f5787489p-18, -0x1.517720c50c33dp-16, -0x1.7f524c842a83p-21,  0x1.d63f8e00695d8p-19,
      0x1.4a8626c72a4fp-22,  -0x1.5d920b025b09cp-21, -0x1.1c43b13657f0dp-24, 0x1.d265d3ae75968p-24,
      -0x1.8852cd87bdd94p-27};
  const double sum = polynomial(coefficients, (x - 3) / (x + 3));
  const double power = exp<double>(-square.head);
  return fma(-power, square.rest, power) * (sum / fma(2.0, x, 1.0));
}

/// erf x = 2/√π ∫₀ˣ e^(−t²) dt
template <class T>
[[gnu::always_inline]] inline T erf(T value) {
  const double x = value, size = x < 0 ? -x : x;
  // Above 6 erf is 1.
  const double bounded = within<double>(size, erf_switch, 6);
  const double large = 1 - erfc_tail(bounded, square_pair(bounded));
  const double is_signed = x < 0 ? -large : large;
  return static_cast<T>(size > erf_switch ? is_signed : erf_series(x));
}

/// erfc x = 1 − erf x for x = value·factor, exact also where it is small; the
/// factor's square is known exactly
[[gnu::always_inline]] inline double erfc_of(double value, double factor, double factor_squared) {
  // Above 28 erfc is 0.
  const double bounded = within<double>(value, -28 / factor, 28 / factor);
  const double x = bounded * factor, size = x < 0 ? -x : x;
  const TwoParts<double> square = square_pair(bounded);
  const double tail = erfc_tail(within<double>(size, erf_switch, 28),
                                {square.head * factor_squared, square.rest * factor_squared});
  const double large = x < 0 ? 2 - tail : tail;
  return size > erf_switch ? large : 1 - erf_series(x);
}

/// erfc x = 1 − erf x, exact also where it is small.
template <class T>
[[gnu::always_inline]] inline T erfc(T x) {
  return static_cast<T>(erfc_of(x, 1, 1));
}

/// e^(−x²/2), exact also where it is small
template <class T>
[[gnu::always_inline]] inline T normal_power(T x) {
  constexpr T far = sizeof(T) == 4 ? T{14.5} : T{38.7};  // where it is 0
  const T bounded = within<T>(x, -far, far), square = bounded * bounded;
  const T power = exp<T>(square * T{-0.5});
  return fma(power, fma(bounded, bounded, -square) * T{-0.5}, power);
}

/// Φ(x) = ½ erfc(−x/√2), the normal distribution's function, exact also where it is small. That of
/// f32 is for networks: computed in f32, e^(−x²/2)/(|x| + 3) times a polynomial in q = (|x| − 3)/
/// (|x| + 3), with the least largest error, 2⁻³⁰, up to |x| = 14.5; errors of 4 units.
template <class T>
[[gnu::always_inline]] inline T normal_cdf(T x) {
  if constexpr (sizeof(T) == 8) {
    return 0.5 * erfc_of(-x, 0x1.6a09e667f3bcdp-1, 0.5);
  } else {
    constexpr float coefficients[] = {0x1.754a76p-1f,  -0x1.04c72ap-1f,  0x1.d71386p-3f,
                                      -0x1.832d0ap-5f, -0x1.56d5fcp-7f,  0x1.c8bd7ep-8f,
                                      0x1.0ca418p-10f, -0x1.0eab82p-10f, -0x1.00a4d4p-12f,
                                      0x1.13424ep-13f, 0x1.c8cd3ap-15f};
    const float size = within<float>(x < 0 ? -x : x, 0, 14.5f), shifted = size + 3;
    const float inverse = 1 / shifted;
    const float ratio = inverse * polynomial(coefficients, fma(-6.0f, inverse, 1.0f));
    // What rounding loses of |x| = 1/inverse − 3, times the derivative of Φ(−|x|)/e^(−x²/2).
    const float lost = size - (shifted - 3) - shifted * fma(-inverse, shifted, 1.0f);
    const float tail = normal_power(x) * fma(lost, fma(size, ratio, -0.39894228f), ratio);
    return x > 0 ? 1 - tail : tail;
  }
}

}  // namespace gradus::kernels
