// 08_regularization_test: solutions to the exercises of docs/course/08_regularization.md.
#include <doctest/doctest.h>

#include <gradus.hpp>

namespace gd = gradus;
using gd::layers::Dense, gd::layers::Flatten, gd::layers::ReLU, gd::layers::Sequential;

TEST_CASE("Exercise 8.1: without a gradient weights halve in ln 2/(lr·λ) steps") {
  gd::Tensor w = gd::Tensor::from({1.0}).set_requires_grad();
  gd::optim::AdamW optimizer({{"w", w}}, {.lr = 0.002, .weight_decay = 1});
  int steps = 0;
  for (; w.item() > 0.5; ++steps) {
    w.set_grad(gd::Tensor::from({0.0}));
    optimizer.step();
  }
  CHECK(steps == doctest::Approx(std::log(2) / 0.002).epsilon(0.01));
}

TEST_CASE("Exercise 8.2: Adam's step doesn't depend on the size of the penalty, AdamW's does") {
  // A weight of 2 after a step with no gradient except that of the penalty.
  const auto after_step = [](auto make_optimizer) {
    gd::Tensor w = gd::Tensor::from({2.0}).set_requires_grad();
    const auto optimizer = make_optimizer(gd::NamedTensors{{"w", w}});
    w.set_grad(gd::Tensor::from({0.0}));
    optimizer->step();
    return w.item();
  };
  for (const double decay : {0.01, 1.0}) {
    const double adam = after_step([&](const gd::NamedTensors& parameters) {
      return std::make_unique<gd::optim::Adam>(
          parameters, gd::optim::AdamOptions{.lr = 0.1, .weight_decay = decay});
    });
    CHECK(adam == doctest::Approx(2 - 0.1));  // for any λ
    const double adamw = after_step([&](const gd::NamedTensors& parameters) {
      return std::make_unique<gd::optim::AdamW>(
          parameters, gd::optim::AdamWOptions{.lr = 0.1, .weight_decay = decay});
    });
    CHECK(adamw == doctest::Approx(2 * (1 - 0.1 * decay)));
  }
}

TEST_CASE("Exercise 8.3: training on moved digits improves the accuracy for moved test digits") {
  const auto [train, test] = gd::data::digits();
  const auto [images, labels] = test.batch(0, test.size());
  const double background = gd::amin(images).item();
  const gd::Tensor moved = gd::slice(gd::pad(images, {2, 0}, background), 3, 0, 28);
  const auto learn = [&, &digits = train,
                      &answers = labels](const gd::data::LoaderOptions& options) {
    gd::Rng rng(1);
    Sequential model{Flatten(), Dense(28 * 28, 64, rng), ReLU(), Dense(64, 10, rng)};
    gd::optim::Adam optimizer(model.parameters(), {.lr = 0.003});
    gd::data::Loader batches(digits, options, rng);
    for (int epoch = 0; epoch < 15; ++epoch)
      for (auto [some_images, some_labels] : batches) {
        optimizer.zero_grad();
        gd::cross_entropy(model(some_images), some_labels).backward();
        optimizer.step();
      }
    return gd::accuracy(model(moved), answers);
  };
  CHECK(learn({.batch_size = 32}) < 0.8);
  CHECK(learn({.batch_size = 32, .transform = gd::data::augment("shift:3")}) > 0.88);
}
