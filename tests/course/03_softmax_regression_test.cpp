// 03_softmax_regression_test: solutions to the exercises of docs/course/03_softmax_regression.md.
#include <doctest/doctest.h>

#include <gradus.hpp>

namespace gd = gradus;

TEST_CASE("Exercise 3.1: softmax depends only on differences of scores") {
  const gd::Tensor z = gd::Tensor::from<float>({1, 2, 3}, {1, 3}).set_requires_grad();
  const gd::Tensor more = z + 100.0;
  CHECK(gd::amax(gd::abs(gd::softmax(more, 1) - gd::softmax(z, 1))).item() < 1e-6);
  // So a step along (1, 1, 1) changes nothing: the gradient has no component in that direction.
  const gd::Tensor label = gd::Tensor::from<int64_t>({0});
  const gd::Tensor gradient = gd::grad({gd::cross_entropy(z, label)}, {z})[0];
  CHECK(std::abs(gd::sum(gradient).item()) < 1e-6);
}

TEST_CASE("Exercise 3.2: equal neurons of different labels do not stay equal") {
  const auto [images, labels] = gd::data::digits().train.batch(0, 100);
  const gd::Tensor w = gd::Tensor::zeros({28 * 28, 10}).set_requires_grad();
  gd::cross_entropy(gd::matmul(gd::flatten(images, 1), w), labels).backward();
  for (int64_t i = 0; i < 10; ++i)
    for (int64_t j = 0; j < i; ++j) {
      const gd::Tensor of_i = gd::slice(w.grad(), 1, i, i + 1);
      const gd::Tensor of_j = gd::slice(w.grad(), 1, j, j + 1);
      CHECK(gd::amax(gd::abs(of_i - of_j)).item() > 1e-3);
    }
}

TEST_CASE("Exercise 3.3: ten times the scores, the same answers, a larger loss") {
  gd::Rng rng(1);
  const auto [train, test] = gd::data::digits();
  gd::layers::Sequential model{gd::layers::Flatten(), gd::layers::Dense(28 * 28, 10, rng)};
  gd::optim::SGD optimizer(model.parameters(), {.lr = 0.01});
  for (int epoch = 0; epoch < 10; ++epoch)
    for (auto [images, labels] : gd::data::Loader(train, {.batch_size = 32}, rng)) {
      optimizer.zero_grad();
      gd::cross_entropy(model(images), labels).backward();
      optimizer.step();
    }
  const auto [images, labels] = test.batch(0, test.size());
  const gd::Tensor scores = model(images);
  CHECK(gd::accuracy(10.0 * scores, labels) == gd::accuracy(scores, labels));
  CHECK(gd::cross_entropy(10.0 * scores, labels).item() >
        1.5 * gd::cross_entropy(scores, labels).item());
}
