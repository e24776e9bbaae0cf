// Exercise 0.4: the best h of a difference.
#include <gradus.hpp>

namespace gd = gradus;

// The h of 10⁻¹, 10⁻², … 10⁻¹² for which (eˣ⁺ʰ − eˣ⁻ʰ)/(2h) at x = 1, computed with tensors of this
// type, is nearest to the derivative e.
//
// The formula's error grows as h², that of rounding as ε/h. They are equal near the cube root of ε,
// which is 0.005 for f32 and 0.000006 for f64.
double best_h(gd::DType type) {
  double best = 1, least = 1;
  for (int digits = 1; digits <= 12; ++digits) {
    const double h = std::pow(10, -digits);
    const gd::Tensor right = gd::exp(gd::Tensor::scalar(1, type) + h),
                     left = gd::exp(gd::Tensor::scalar(1, type) - h);
    const double error = std::abs(((right - left) / (2 * h)).item() - std::exp(1));
    if (error < least) {
      least = error;
      best = h;
    }
  }
  return best;
}
