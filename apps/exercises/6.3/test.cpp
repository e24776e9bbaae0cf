// Hint: the loop is that of the chapter's program, with the same four points in each step. The last
// layer has two outputs, one for each class.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  const auto successes = [](int64_t hidden) {
    int count = 0;
    for (uint64_t seed = 1; seed <= 20; ++seed) count += learns_exclusive_or(hidden, seed);
    fmt::print("{} hidden units: {} of 20 seeds\n", hidden, count);
    return count;
  };
  const int of_two = successes(2), of_sixteen = successes(16);
  exercise::expect(of_sixteen == 20, "sixteen hidden units should learn it with each seed");
  exercise::expect(of_two >= 1 && of_two < 15, "two hidden units should learn it with some seeds");
}
