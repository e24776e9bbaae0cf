// math: elementary functions of numbers with the same bits on every machine. Those of <cmath>
// differ between C libraries and processors. Errors are in units of the last place, at most 1
// unless a function states another one.
#pragma once

namespace gradus::math {

/// eˣ
double exp(double x);
/// log x; −∞ at 0, NaN below.
double log(double x);
/// log(1 + x), exact also near 0.
double log1p(double x);
/// xʸ with the special cases of IEEE 754; where the result is exact it is that.
double pow(double x, double y);
/// The sine of an angle in radians; NaN at ±∞, as for the next two.
double sin(double x);
/// The cosine.
double cos(double x);
/// The tangent; error at most 2.5.
double tan(double x);
/// Φ(x), the distribution function of the normal distribution, exact also where it is small; error
/// at most 5.1.
double normal_cdf(double x);
/// √(x² + y²), without overflow of the squares; error at most 2.
double hypot(double x, double y);

}  // namespace gradus::math
