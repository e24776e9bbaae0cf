// 04_mlp_test: solutions to the exercises of docs/course/04_mlp.md.
#include <doctest/doctest.h>

#include <gradus.hpp>

namespace gd = gradus;
using gd::layers::Dense, gd::layers::ReLU, gd::layers::Sequential;

TEST_CASE("Exercise 4.1: two layers without a ReLU between them are one") {
  gd::Rng rng(1);
  Dense first(5, 7, rng), second(7, 3, rng);
  const gd::Tensor x = gd::randn({10, 5}, rng);
  const gd::Tensor w = gd::matmul(second.weight, first.weight);
  const gd::Tensor b = gd::matmul(second.weight, first.bias) + second.bias;
  CHECK(gd::amax(gd::abs(second(first(x)) - gd::linear(x, w, b))).item() < 1e-5);
}

TEST_CASE("Exercise 4.2: the larger of two numbers by three ReLUs") {
  // max(a, b) = relu(a - b) + b, and b itself is relu(b) - relu(-b). For one number x such sums are
  // all piecewise linear functions: one ReLU for each corner.
  gd::Rng rng(1);
  const gd::Tensor a = gd::randn({100}, rng), b = gd::randn({100}, rng);
  const gd::Tensor larger = gd::relu(a - b) + gd::relu(b) - gd::relu(-b);
  CHECK(gd::amax(gd::abs(larger - gd::maximum(a, b))).item() < 1e-6);
}

TEST_CASE("Exercise 4.3: two hidden units sometimes learn exclusive or, sixteen always do") {
  const gd::Tensor x = gd::Tensor::from<float>({0, 0, 0, 1, 1, 0, 1, 1}, {4, 2});
  const gd::Tensor labels = gd::Tensor::from<int64_t>({0, 1, 1, 0});
  const auto successes = [&](int64_t hidden) {
    int count = 0;
    for (uint64_t seed = 1; seed <= 20; ++seed) {
      gd::Rng rng(seed);
      Sequential model{Dense(2, hidden, rng), ReLU(), Dense(hidden, 2, rng)};
      gd::optim::Adam optimizer(model.parameters(), {.lr = 0.03});
      for (int step = 0; step < 300; ++step) {
        optimizer.zero_grad();
        gd::cross_entropy(model(x), labels).backward();
        optimizer.step();
      }
      if (gd::accuracy(model(x), labels) == 1) ++count;
    }
    return count;
  };
  CHECK(successes(2) < 15);
  CHECK(successes(16) == 20);
}
