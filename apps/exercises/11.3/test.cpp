// Hint: pool the moved images; compare with the pooled images, moved by 0, 1, 2, … pixels. Two
// tensors are equal if gd::amax(gd::abs(a - b)).item() is 0. The width should be a multiple of
// `size`.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  // The windows of four pixels: (1, 5), (2, 3) → 5, 3; moved by 1 they are (0, 1), (5, 2) → 1, 5.
  const gd::Tensor x = gd::Tensor::from({1.f, 5.f, 2.f, 3.f}).reshape({1, 1, 1, 4});
  const gd::Tensor image = gd::expand(x, {1, 1, 2, 4});
  const auto expect_row = [](const std::string& name, const gd::Tensor& got,
                             std::initializer_list<float> right) {
    exercise::expect_near(name, got.flatten(), gd::Tensor::from(right));
  };
  expect_row("pooled(x, 2)", pooled(image, 2), {5, 3});
  expect_row("pooled(moved(x, 1), 2)", pooled(moved(image, 1), 2), {1, 5});
  expect_row("pooled(moved(x, 2), 2)", pooled(moved(image, 2), 2), {0, 5});

  for (const int64_t size : {2, 3})
    for (const int64_t pixels : {1, 2, 3, 4, 6}) {
      const bool same = commutes(pixels, size), right = pixels % size == 0;
      fmt::print("moved by {}, pooled by {}: {}\n", pixels, size,
                 same ? "a move after pooling" : "no move after pooling");
      exercise::expect(same == right, fmt::format("commutes({}, {}) is {}, it should be {}", pixels,
                                                  size, same, right));
    }
}
