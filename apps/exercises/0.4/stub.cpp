// Exercise 0.4: the best h of a difference.
#include <gradus.hpp>

namespace gd = gradus;

// The h of 10⁻¹, 10⁻², … 10⁻¹² for which (eˣ⁺ʰ − eˣ⁻ʰ)/(2h) at x = 1, computed with tensors of this
// type, is nearest to the derivative e.
double best_h(gd::DType type) {
  return 1;
}
