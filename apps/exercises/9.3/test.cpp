// Hint: the chapter's program has the formula for batch normalization. Here the mean is over
// dimension 1; gd::mean(x, {1}, true) has the shape (N, 1), so that x − mean works. γ and β come
// last.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  const auto plain = [](const gd::Tensor& x) {
    return layer_norm(x, gd::Tensor::ones({x.size(1)}), gd::Tensor::zeros({x.size(1)}));
  };
  exercise::expect_near("layer_norm of {{0, 2}, {7, 3}}",
                        plain(gd::Tensor::from({{0.f, 2.f}, {7.f, 3.f}})),
                        gd::Tensor::from({{-1.f, 1.f}, {1.f, -1.f}}), 1e-4);

  gd::Rng rng(1);
  const gd::Tensor x = 5.0 * gd::randn({32, 4}, rng) + 3.0;
  gd::layers::LayerNorm norm({4});
  exercise::expect_near("layer_norm of 32 random vectors", plain(x), norm(x), 1e-4);
  // No other image takes part, so there is nothing that a second mode could change.
  exercise::expect_near("layer_norm of the first vector alone", plain(gd::slice(x, 0, 0, 1)),
                        gd::slice(norm(x), 0, 0, 1), 1e-4);

  const gd::Tensor gamma = gd::randn({4}, rng), beta = gd::randn({4}, rng);
  exercise::expect_near("layer_norm of 32 random vectors, with γ and β", layer_norm(x, gamma, beta),
                        gamma * norm(x) + beta, 1e-3);
  const gd::Tensor square = gd::randn({4, 4}, rng);
  exercise::expect_near("layer_norm of 4 random vectors with 4 units", plain(square), norm(square),
                        1e-4);
}
