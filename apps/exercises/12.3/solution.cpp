// Exercise 12.3: the one-cycle schedule.
#include <gradus.hpp>

#include <numbers>

namespace gd = gradus;

// From `first` at t = 0 to `last` at t = 1, along half a cosine.
double half_cosine(double first, double last, double t) {
  return first + (last - first) * (1 - std::cos(std::numbers::pi * t)) / 2;
}

// The rate at step 0, 1, … steps − 1. It rises from lr/25 at step 0 to lr at step 0.3·steps − 1
// along half a cosine, and falls to lr/250000 at step steps − 1 along another one.
double one_cycle(int64_t step, int64_t steps, double lr) {
  const double t = static_cast<double>(step), last = static_cast<double>(steps - 1);
  const double peak = 0.3 * static_cast<double>(steps) - 1;
  if (t <= peak) return half_cosine(lr / 25, lr, t / peak);
  return half_cosine(lr, lr / 250000, (t - peak) / (last - peak));
}

// The step with the highest rate.
int64_t highest_step(int64_t steps) {
  int64_t highest = 0;
  for (int64_t step = 0; step < steps; ++step)
    if (one_cycle(step, steps, 1) > one_cycle(highest, steps, 1)) highest = step;
  return highest;
}

// The fraction of the steps, 0 to 1, that have more than half of the highest rate. About half of
// them: of each cosine one half is above the middle.
double part_above_half(int64_t steps) {
  int64_t count = 0;
  for (int64_t step = 0; step < steps; ++step) count += one_cycle(step, steps, 1) > 0.5;
  return static_cast<double>(count) / static_cast<double>(steps);
}
