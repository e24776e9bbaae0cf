// Exercise 12.3: the one-cycle schedule.
#include <gradus.hpp>

#include <numbers>

namespace gd = gradus;

// The rate at step 0, 1, … steps − 1. It rises from lr/25 at step 0 to lr at step 0.3·steps − 1
// along half a cosine, and falls to lr/250000 at step steps − 1 along another one.
double one_cycle(int64_t step, int64_t steps, double lr) {
  return 0;
}

// The step with the highest rate.
int64_t highest_step(int64_t steps) {
  return 0;
}

// The fraction of the steps, 0 to 1, that have more than half of the highest rate.
double part_above_half(int64_t steps) {
  return 0;
}
