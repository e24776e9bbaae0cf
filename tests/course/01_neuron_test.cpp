// 01_neuron_test: solutions to the exercises of docs/course/01_neuron.md.
#include <doctest/doctest.h>

#include <gradus.hpp>

namespace gd = gradus;

static double sigmoid(double z) {
  return 1 / (1 + std::exp(-z));
}

TEST_CASE("Exercise 1.1: the chain rule leaves y - t") {
  for (const double z : {-2.0, 0.3, 1.7})
    for (const double t : {0.0, 1.0}) {
      const double y = sigmoid(z);
      const double loss_by_y = -t / y + (1 - t) / (1 - y);
      const double y_by_z = y * (1 - y);
      CHECK(loss_by_y * y_by_z == doctest::Approx(y - t));
    }
}

TEST_CASE("Exercise 1.2: a neuron learns AND, and for exclusive or it answers one half") {
  const gd::Tensor inputs = gd::Tensor::from<double>({0, 0, 0, 1, 1, 0, 1, 1}, {4, 2});
  // The neuron's answers and its loss after 2000 steps.
  const auto learn = [&](const gd::Tensor& targets) {
    gd::Tensor w = gd::Tensor::from({0.5, -0.3}).set_requires_grad();
    gd::Tensor bias = gd::Tensor::from({0.1}).set_requires_grad();
    gd::optim::SGD optimizer({{"w", w}, {"bias", bias}}, {.lr = 1});
    const auto loss = [&] {
      return gd::binary_cross_entropy_with_logits(gd::matmul(inputs, w) + bias, targets);
    };
    for (int step = 0; step < 2000; ++step) {
      optimizer.zero_grad();
      loss().backward();
      optimizer.step();
    }
    const gd::Tensor output = gd::sigmoid(gd::matmul(inputs, w) + bias);
    return std::pair(output.to_vector<double>(), loss().item());
  };

  const auto [conjunction, small] = learn(gd::Tensor::from({0.0, 0.0, 0.0, 1.0}));
  for (std::size_t i = 0; i < 3; ++i) CHECK(conjunction[i] < 0.05);
  CHECK(conjunction[3] > 0.95);
  CHECK(small < 0.05);

  const auto [exclusive, large] = learn(gd::Tensor::from({0.0, 1.0, 1.0, 0.0}));
  for (const double answer : exclusive) CHECK(answer == doctest::Approx(0.5));
  CHECK(large == doctest::Approx(std::log(2)));  // the loss of guessing
}

TEST_CASE("Exercise 1.3: the squared error has a small gradient for a confident wrong neuron") {
  const double z = -10, t = 1, y = sigmoid(z);
  const gd::Tensor score = gd::Tensor::from({z}).set_requires_grad();
  const gd::Tensor squared = gd::square(gd::sigmoid(score) - t);
  const double by_squared = gd::grad({squared}, {score})[0].item();
  CHECK(by_squared == doctest::Approx(2 * (y - t) * y * (1 - y)));
  const gd::Tensor entropy = gd::binary_cross_entropy_with_logits(score, gd::Tensor::from({t}));
  const double by_entropy = gd::grad({entropy}, {score})[0].item();
  CHECK(by_entropy == doctest::Approx(-1).epsilon(1e-4));
  CHECK(std::abs(by_squared) < 1e-4);
}
