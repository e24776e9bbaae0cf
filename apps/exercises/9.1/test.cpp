// Hint: the formula is in the chapter's program, there for x. gd::grad({loss}, {w})[0] is a
// gradient. For the last function measure ‖gradient‖/‖w‖ (gd::norm) for w and for 100·w.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  // One unit sees the numbers 0 and 2: mean 1, variance 1.
  exercise::expect_near("normalized({{0}, {2}}, {{1}})",
                        normalized(gd::Tensor::from({{0.f}, {2.f}}), gd::Tensor::from({{1.f}})),
                        gd::Tensor::from({{-1.f}, {1.f}}), 1e-4);
  gd::Rng rng(1);
  const gd::Tensor x = gd::randn({32, 8}, rng), c = gd::randn({32, 4}, rng);
  const gd::Tensor original = gd::randn({4, 8}, rng);
  // A new tensor each time, since backward() adds to the gradient of an old one.
  const auto weight = [&](double scale) { return (scale * original).set_requires_grad(); };
  gd::layers::BatchNorm1d norm(4);
  const gd::Tensor w = weight(1);
  const gd::Tensor right_y = norm(gd::linear(x, w));
  const gd::Tensor right = gd::grad({right_y}, {w}, {.grad_outputs = {c}})[0];
  exercise::expect_near("normalized(x, w)", normalized(x, weight(1)), right_y, 1e-4);
  exercise::expect_near("gradient(x, w, c)", gradient(x, weight(1), c), right, 1e-3);
  exercise::expect_near("normalized(x, 100·w)", normalized(x, weight(100)), right_y, 1e-3);
  exercise::expect_near("100·gradient(x, 100·w, c)", 100.0 * gradient(x, weight(100), c), right,
                        1e-2);

  const auto relative_change = [&](double scale) {
    const gd::Tensor scaled = weight(scale);
    return gd::norm(gradient(x, scaled, c)).item() / gd::norm(scaled).item();
  };
  for (const double scale : {2.0, 10.0, 100.0}) {
    const double measured = relative_change(scale) / relative_change(1);
    fmt::print("a weight {} times as large: its relative change is {:.4g} of the original one\n",
               scale, measured);
    const double factor = factor_of_relative_change(scale);
    exercise::expect(std::abs(factor / measured - 1) < 0.02,
                     fmt::format("factor_of_relative_change({}) is {:.4g}, measured is {:.4g}",
                                 scale, factor, measured));
  }
}
