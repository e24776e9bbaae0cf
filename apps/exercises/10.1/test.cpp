// Hint: without a gradient a step multiplies the weight by 1 − lr·λ, and n steps by (1 − lr·λ)ⁿ.
// When is this ½?
#include "apps/exercises/exercise.hpp"
#include EXERCISE

// Counted with the library's optimizer.
int steps_by_library(double lr, double decay) {
  gd::Tensor w = gd::Tensor::from({1.0}).set_requires_grad();
  gd::optim::AdamW optimizer({{"w", w}}, {.lr = lr, .weight_decay = decay});
  int steps = 0;
  for (; w.item() > 0.5; ++steps) {
    w.set_grad(gd::Tensor::from({0.0}));
    optimizer.step();
  }
  return steps;
}

void check() {
  for (const auto& [lr, decay] :
       {std::pair{0.002, 1.0}, {0.002, 0.5}, {0.001, 1.0}, {0.01, 0.1}, {0.1, 0.5}}) {
    const int right = steps_by_library(lr, decay);
    const double steps = steps_to_halve(lr, decay);
    fmt::print("rate {}, decay {}: {:.1f} steps\n", lr, decay, steps);
    exercise::expect_near(fmt::format("steps_to_halve({}, {})", lr, decay), steps, right,
                          std::max(1.01, 0.01 * right));
  }
  for (const auto& [lr, steps] : {std::pair{0.002, 350.0}, {0.002, 1000.0}, {0.01, 5000.0}}) {
    const double right = (1 - std::pow(0.5, 1 / steps)) / lr;
    exercise::expect_near(fmt::format("decay_to_halve({}, {})", lr, steps),
                          decay_to_halve(lr, steps), right, 0.01 * right);
  }
}
