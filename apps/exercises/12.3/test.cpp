// Hint: (1 − cos(π·t))/2 goes from 0 at t = 0 to 1 at t = 1; multiply it by the difference of the
// rates. For the other two functions call one_cycle for each step.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  for (const int64_t steps : {144, 30, 1000}) {
    const gd::optim::Schedule right = gd::optim::one_cycle(0.03, {.total_steps = steps});
    const auto expect_rate = [&](int64_t step, double tolerance) {
      exercise::expect_near(fmt::format("one_cycle({}, {}, 0.03)", step, steps),
                            one_cycle(step, steps, 0.03), right(step), tolerance);
    };
    expect_rate(0, 1e-5);
    expect_rate(3 * steps / 10 - 1, 1e-5);
    expect_rate(steps - 1, 1e-8);
    for (int64_t step = 0; step < steps; ++step) expect_rate(step, 1e-5);

    // The answers are those of the library's schedule.
    int64_t highest = 0, above_half = 0;
    for (int64_t step = 0; step < steps; ++step) {
      if (right(step) > right(highest)) highest = step;
      above_half += right(step) > 0.015;
    }
    const int64_t found = highest_step(steps);
    const double part = part_above_half(steps);
    fmt::print(
        "of {} steps number {} has the highest rate, and {:.0f} % have more than half of "
        "it\n",
        steps, found, 100 * part);
    exercise::expect(found == highest,
                     fmt::format("highest_step({}) is {}, it should be {}", steps, found, highest));
    exercise::expect_near(fmt::format("part_above_half({})", steps), part,
                          static_cast<double>(above_half) / static_cast<double>(steps), 0.02);
  }
  exercise::expect_near("one_cycle(0, 144, 0.03)", one_cycle(0, 144, 0.03), 0.03 / 25, 1e-6);
}
