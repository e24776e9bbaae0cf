// Hint: slope_by_differences() of the chapter's program is nearly all of it: gd::exp() instead of
// square(), and a loop over h that keeps the h with the least error.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  const double of_f32 = best_h(gd::DType::f32), of_f64 = best_h(gd::DType::f64);
  fmt::print("best h: {:.0e} for f32, {:.0e} for f64\n", of_f32, of_f64);
  exercise::expect(of_f32 > 0.0005 && of_f32 < 0.05, "for f32 a larger or smaller h is better");
  exercise::expect(of_f64 > 5e-7 && of_f64 < 5e-5, "for f64 a larger or smaller h is better");
}
