// Hint: in Adam's first step m̂ = g and ŝ = g² (exercise 8.2). A change of lr·g/(√g² + ε) is 0 if g
// is 0: keep the ε.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

// The weight after the library's first step.
template <class Optimizer, class Options>
double by_library(const Step& step) {
  gd::Tensor w = gd::Tensor::from({step.weight}).set_requires_grad();
  Optimizer optimizer({{"w", w}}, Options{.lr = step.lr, .weight_decay = step.decay});
  w.set_grad(gd::Tensor::from({step.gradient}));
  optimizer.step();
  return w.item();
}

void check() {
  const auto expect_both = [](const Step& step) {
    const std::string name =
        fmt::format("({{.lr = {}, .decay = {}, .weight = {}, .gradient = {}}})", step.lr,
                    step.decay, step.weight, step.gradient);
    exercise::expect_near("after_adam" + name, after_adam(step),
                          by_library<gd::optim::Adam, gd::optim::AdamOptions>(step), 1e-5);
    exercise::expect_near("after_adamw" + name, after_adamw(step),
                          by_library<gd::optim::AdamW, gd::optim::AdamWOptions>(step), 1e-5);
  };
  fmt::print("a weight of 2 without a gradient, rate 0.1:  Adam  AdamW\n");
  for (const double decay : {0.01, 1.0}) {
    const Step step{.lr = 0.1, .decay = decay, .weight = 2, .gradient = 0};
    fmt::print("decay {:<37} {:5.3f}  {:5.3f}\n", decay, after_adam(step), after_adamw(step));
    exercise::expect_near(fmt::format("Adam's weight with the decay {}", decay), after_adam(step),
                          2 - 0.1, 1e-5);  // for any λ
    exercise::expect_near(fmt::format("AdamW's weight with the decay {}", decay), after_adamw(step),
                          2 * (1 - 0.1 * decay), 1e-5);
  }
  expect_both({.lr = 0.1, .decay = 0, .weight = 2, .gradient = 0});
  expect_both({.lr = 0.1, .decay = 0.5, .weight = -2, .gradient = 0});
  expect_both({.lr = 0.01, .decay = 0.5, .weight = 2, .gradient = 3});
  expect_both({.lr = 0.01, .decay = 0.5, .weight = 2, .gradient = -3});
  expect_both({.lr = 0.01, .decay = 0.5, .weight = 8, .gradient = -3});
}
