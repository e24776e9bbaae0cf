// Hint: m and s start at 0 and are kept from step to step; t is 1 in the first step. The line that
// changes θ is θ ← θ − lr·m̂/(√ŝ + ε).
#include "apps/exercises/exercise.hpp"
#include EXERCISE

// The same by the library.
double adam_by_library(const std::vector<double>& gradients, double lr, bool corrected) {
  gd::Tensor theta = gd::Tensor::from({0.0}).set_requires_grad();
  gd::optim::Adam optimizer({{"theta", theta}}, {.lr = lr, .bias_correction = corrected});
  for (const double g : gradients) {
    theta.set_grad(gd::Tensor::from({g}));
    optimizer.step();
  }
  return theta.item();
}

void check() {
  fmt::print("first step, rate 0.1  corrected  not corrected\n");
  for (const double g : {1e-3, -5.0, 1e6}) {
    const double corrected = adam({g}, 0.1, true), plain = adam({g}, 0.1, false);
    fmt::print("gradient {:<12g} {:9.4f} {:14.4f}\n", g, corrected, plain);
    exercise::expect_near(fmt::format("adam({{{}}}, 0.1, true)", g), corrected, g > 0 ? -0.1 : 0.1,
                          1e-5);
    exercise::expect_near(fmt::format("adam({{{}}}, 0.1, false)", g), plain,
                          g > 0 ? -0.31623 : 0.31623, 2e-4);
  }
  exercise::expect_near("adam({1, -1}, 0.1, true)", adam({1, -1}, 0.1, true), -0.094737, 1e-5);

  gd::Rng rng(1);
  for (const int steps : {2, 3, 50}) {
    std::vector<double> gradients;
    for (int step = 0; step < steps; ++step) gradients.push_back(rng.normal());
    for (const bool corrected : {true, false})
      exercise::expect_near(fmt::format("adam({} random gradients, 0.1, {})", steps, corrected),
                            adam(gradients, 0.1, corrected),
                            adam_by_library(gradients, 0.1, corrected), 1e-5);
  }
}
