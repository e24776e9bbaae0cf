// Hint: the options of fit are a gd::train::FitOptions: set .epochs and .batch_size, and its
// augmentation only if `move` is true.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  const auto [train, test] = gd::data::digits();
  const auto [images, labels] = test.batch(0, test.size());
  // To the right; the new columns at the left have the value of the background.
  const gd::Tensor moved =
      gd::slice(gd::pad(images, {2, 0}, gd::amin(images).item()), 3, 0, images.size(3));
  fmt::print("test accuracy, %   in place  moved by 2 pixels\n");
  for (const uint64_t seed : {1, 2})
    for (const bool move : {false, true}) {
      gd::Rng rng(seed);
      Sequential model = trained(train, move, rng);
      const double in_place = gd::accuracy(model(images), labels);
      const double when_moved = gd::accuracy(model(moved), labels);
      fmt::print("{:<17}  {:8.1f}  {:17.1f}\n", move ? "with moved images" : "without",
                 100 * in_place, 100 * when_moved);
      const std::string name = fmt::format("trained(digits, {}, rng)", move);
      exercise::expect(in_place > 0.85,
                       fmt::format("{} recognizes {:.1f} % of the test digits, it should be above "
                                   "85 %",
                                   name, 100 * in_place));
      exercise::expect(
          move ? when_moved > 0.85 : when_moved < 0.8,
          fmt::format("{} recognizes {:.1f} % of the moved test digits, it should be {} %", name,
                      100 * when_moved, move ? "above 85" : "below 80"));
    }
}
