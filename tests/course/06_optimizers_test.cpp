// 06_optimizers_test: solutions to the exercises of docs/course/06_optimizers.md.
#include <doctest/doctest.h>

#include <gradus.hpp>

namespace gd = gradus;

TEST_CASE("Exercise 6.1: with momentum 0.9 steps become ten times as long") {
  gd::Tensor theta = gd::Tensor::from({0.0}).set_requires_grad();
  gd::optim::SGD optimizer({{"theta", theta}}, {.lr = 0.01, .momentum = 0.9});
  double last_step = 0;
  for (int step = 0; step < 100; ++step) {
    const double before = theta.item();
    theta.set_grad(gd::Tensor::from({3.0}));  // the same slope everywhere
    optimizer.step();
    last_step = before - theta.item();
  }
  CHECK(last_step == doctest::Approx(0.01 * 3 / (1 - 0.9)).epsilon(1e-3));
}

TEST_CASE("Exercise 6.2: Adam's first step is as long as the rate, for any gradient") {
  for (const double gradient : {1e-3, -5.0, 1e6}) {
    gd::Tensor theta = gd::Tensor::from({0.0}).set_requires_grad();
    gd::optim::Adam optimizer({{"theta", theta}}, {.lr = 0.1});
    theta.set_grad(gd::Tensor::from({gradient}));
    optimizer.step();
    CHECK(theta.item() == doctest::Approx(gradient > 0 ? -0.1 : 0.1).epsilon(1e-4));
  }
}

TEST_CASE("Exercise 6.3: the largest rates in the ravine") {
  const auto walk = [](const gd::optim::SGDOptions& options) {
    gd::Tensor theta = gd::Tensor::from({1.0, 1.0}).set_requires_grad();
    gd::optim::SGD optimizer({{"theta", theta}}, options);
    double f = 0;
    for (int step = 0; step < 3000; ++step) {
      const gd::Tensor loss = 0.5 * gd::sum(gd::Tensor::from({1.0, 100.0}) * gd::square(theta));
      f = loss.item();
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
    }
    return f;
  };
  const double limit = 2.0 / 100;
  CHECK(walk({.lr = 0.99 * limit}) < 1e-6);
  CHECK(walk({.lr = 1.01 * limit}) > 1e6);
  const double with_momentum = 2 * (1 + 0.9) / 100;
  CHECK(walk({.lr = 0.99 * with_momentum, .momentum = 0.9}) < 1e-6);
  CHECK(walk({.lr = 1.01 * with_momentum, .momentum = 0.9}) > 1e6);
}
