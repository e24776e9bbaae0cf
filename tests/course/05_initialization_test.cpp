// 05_initialization_test: solutions to the exercises of docs/course/05_initialization.md.
#include <doctest/doctest.h>

#include <gradus.hpp>

namespace gd = gradus;
using gd::layers::Dense, gd::layers::ReLU, gd::layers::Sequential;

static double root_mean_square(const gd::Tensor& x) {
  return gd::sqrt(gd::mean(gd::square(x))).item();
}

TEST_CASE("Exercise 5.1: with half of He's variance each ReLU layer divides the size by √2") {
  gd::Rng rng(1);
  gd::Tensor x = gd::relu(gd::randn({500, 400}, rng));
  const double before = root_mean_square(x);
  for (int layer = 0; layer < 10; ++layer) {
    const gd::Tensor w = gd::randn({400, 400}, rng) * std::sqrt(1.0 / 400);
    x = gd::relu(gd::linear(x, w));
  }
  CHECK(root_mean_square(x) / before == doctest::Approx(std::pow(0.5, 5)).epsilon(0.25));
}

TEST_CASE("Exercise 5.2: equal units stay equal") {
  gd::Rng rng(1);
  Sequential model{Dense(4, 8, rng), ReLU(), Dense(8, 3, rng)};
  for (auto& [name, tensor] : model.parameters()) gd::no_grad([&, &t = tensor] { t.fill(0.1); });
  const gd::Tensor x = gd::randn({32, 4}, rng);
  const gd::Tensor labels = gd::argmax(gd::slice(x, 1, 0, 3), 1);
  gd::optim::Adam optimizer(model.parameters(), {.lr = 0.01});
  for (int step = 0; step < 50; ++step) {
    optimizer.zero_grad();
    gd::cross_entropy(model(x), labels).backward();
    optimizer.step();
  }
  const gd::Tensor weight = model.parameters()[0].second;  // a row for each hidden unit
  CHECK(gd::amax(gd::abs(weight - 0.1)).item() > 0.01);    // they have learned,
  const gd::Tensor first = gd::slice(weight, 0, 0, 1);
  CHECK(gd::amax(gd::abs(weight - first)).item() < 1e-5);  // all the same
}

TEST_CASE("Exercise 5.3: the backward pass depends on the number of outputs") {
  gd::Rng rng(1);
  const gd::Tensor w = gd::randn({100, 400}, rng) * std::sqrt(2.0 / 400);
  const gd::Tensor x = gd::randn({500, 400}, rng).set_requires_grad();
  const gd::Tensor upstream = gd::randn({500, 100}, rng);
  const gd::Tensor by_x = gd::grad({gd::linear(x, w)}, {x}, {.grad_outputs = {upstream}})[0];
  const double ratio = root_mean_square(by_x) / root_mean_square(upstream);
  CHECK(ratio * ratio == doctest::Approx(100 * 2.0 / 400).epsilon(0.05));
}
