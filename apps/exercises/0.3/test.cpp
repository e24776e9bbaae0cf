// Hint: gd::arange(count) has the numbers of the columns. Compare it with the classes as a
// column, (n, 1): that is true exactly where the 1 belongs. to() converts bool to f32.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  const gd::Tensor rows = own_one_hot(gd::Tensor::from({2, 0}), 3);
  exercise::expect(rows.defined() && rows.dtype() == gd::DType::f32,
                   "the result must have the type f32");
  exercise::expect_near("own_one_hot([2, 0], 3)", rows,
                        gd::Tensor::from({{0.f, 0.f, 1.f}, {1.f, 0.f, 0.f}}));
  gd::Rng rng(1);
  const gd::Tensor classes = gd::randint(0, 10, {50}, rng);
  const gd::Tensor ones = own_one_hot(classes, 10);
  exercise::expect_near("the sum of each row", ones.sum(1), gd::Tensor::ones({50}));
  exercise::expect(gd::equal(ones.argmax(1), classes),
                   "the 1 must stand in the column of the class");
}
