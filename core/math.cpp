#include "core/math.hpp"

#include <cmath>

#include "core/kernels/simd/error_function.hpp"
#include "core/kernels/simd/logarithm.hpp"
#include "core/kernels/simd/trigonometric.hpp"

namespace gradus::math {

double exp(double x) {
  return kernels::exp(x);
}

double log(double x) {
  return kernels::log(x);
}

double log1p(double x) {
  return kernels::log1p(x);
}

double pow(double x, double y) {
  return kernels::pow(x, y);
}

double sin(double x) {
  return kernels::sin(x);
}

double cos(double x) {
  return kernels::cos(x);
}

double tan(double x) {
  return sin(x) / cos(x);
}

double normal_cdf(double x) {
  return kernels::normal_cdf(x);
}

double hypot(double x, double y) {
  const double a = std::abs(x), b = std::abs(y), larger = a < b ? b : a, smaller = a < b ? a : b;
  if (larger == 0 || std::isinf(larger)) return larger;
  const double ratio = smaller / larger;
  return larger * std::sqrt(kernels::fma(ratio, ratio, 1.0));
}

}  // namespace gradus::math
