// Hint: a.unsqueeze(1) has the shape (n, 1, 2). What is the shape of its difference with b, by the
// rule of broadcasting? Then remove the last axis.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  const gd::Tensor a = gd::Tensor::from({{0.f, 0.f}, {3.f, 0.f}}),
                   b = gd::Tensor::from({{3.f, 4.f}, {0.f, 1.f}, {3.f, 0.f}});
  exercise::expect_near("distances of (0, 0) and (3, 0) to (3, 4), (0, 1) and (3, 0)",
                        distances(a, b),
                        gd::Tensor::from({{5.f, 1.f, 3.f}, {4.f, std::sqrt(10.f), 0.f}}));
  gd::Rng rng(1);
  const gd::Tensor x = gd::randn({7, 2}, rng), y = gd::randn({5, 2}, rng);
  const gd::Tensor all = distances(x, y);
  for (int64_t i = 0; i < 7; ++i)
    for (int64_t j = 0; j < 5; ++j)
      exercise::expect_near(fmt::format("the distance of point {} to point {}", i, j),
                            all(i, j).item(), gd::norm(x[i] - y[j]).item(), 1e-5);
}
