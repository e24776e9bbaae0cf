// 10_residual_test: solutions to the exercises of docs/course/10_residual.md.
#include <doctest/doctest.h>

#include <gradus.hpp>

namespace gd = gradus;
using gd::layers::Conv2d, gd::layers::ReLU, gd::layers::Residual, gd::layers::Sequential;

TEST_CASE("Exercise 10.1: a block whose last weights are 0 copies its input and the gradient") {
  // A network of such blocks starts as a shallow one, which is easy to train.
  gd::Rng rng(1);
  Conv2d last({.in_channels = 4, .out_channels = 4, .kernel = 3, .padding = 1}, rng);
  gd::no_grad([&] {
    last.weight.fill(0);
    last.bias.fill(0);
  });
  Residual block(Sequential{ReLU(), last});
  const gd::Tensor x = gd::randn({2, 4, 5, 5}, rng).set_requires_grad();
  const gd::Tensor y = block(x), upstream = gd::randn({2, 4, 5, 5}, rng);
  CHECK(y.to_vector<float>() == x.to_vector<float>());
  const gd::Tensor by_x = gd::grad({y}, {x}, {.grad_outputs = {upstream}})[0];
  CHECK(by_x.to_vector<float>() == upstream.to_vector<float>());
}

TEST_CASE("Exercise 10.2: twenty factors of a, twenty factors of 1 + a") {
  const double a = 0.1;
  const gd::Tensor x = gd::Tensor::from({1.0}).set_requires_grad();
  gd::Tensor plain = x, residual = x;
  for (int layer = 0; layer < 20; ++layer) {
    plain = a * plain;
    residual = residual + a * residual;
  }
  CHECK(gd::grad({plain}, {x})[0].item() == doctest::Approx(1e-20));
  CHECK(gd::grad({residual}, {x})[0].item() == doctest::Approx(6.7275));
}

TEST_CASE("Exercise 10.3: the shape of the cycle") {
  const int64_t steps = 180;  // 4 epochs of 45 batches
  const gd::optim::Schedule rate = gd::optim::one_cycle(0.03, {.total_steps = steps});
  int64_t highest = 0, above_half = 0;
  for (int64_t step = 0; step < steps; ++step) {
    if (rate(step) > rate(highest)) highest = step;
    if (rate(step) > 0.015) ++above_half;
  }
  CHECK(highest == 53);  // three tenths of the steps
  CHECK(rate(0) == doctest::Approx(0.03 / 25));
  CHECK(rate(steps - 1) == doctest::Approx(0.03 / 25 / 1e4));
  CHECK(above_half == doctest::Approx(steps / 2).epsilon(0.05));
}
