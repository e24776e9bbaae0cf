// math: elementary functions with the same bits on every machine. Those of <cmath> differ between C
// libraries, and their versions for different processors.
#pragma once

namespace gradus::math {

/// eˣ; error at most 1 unit in the last place, as of those without a number.
double exp(double x);
/// log x; −∞ at 0, NaN below.
double log(double x);
/// log(1 + x), exact also near 0.
double log1p(double x);
/// xʸ with the special cases of IEEE 754; where the result is exact it is that.
double pow(double x, double y);
/// The functions of an angle in radians. The error of tan is at most 2.5 units in the last place.
double sin(double x);
double cos(double x);
double tan(double x);
/// Φ(x), the distribution function of the normal distribution, exact also where it is small; error
/// at most 5.1 units in the last place.
double normal_cdf(double x);
/// √(x² + y²), without overflow of the squares; error at most 2 units in the last place.
double hypot(double x, double y);

}  // namespace gradus::math
