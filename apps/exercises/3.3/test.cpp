// Hint: gd::accuracy(scores, labels) and gd::cross_entropy(scores, labels) measure. For the best
// factor it is enough to try a few hundred between 0.1 and 10.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

static void check_best(const char* name, const gd::Tensor& scores, const gd::Tensor& labels,
                       double factor) {
  exercise::expect(
      factor >= 0.1 && factor <= 10,
      fmt::format("best_factor for {} is {:.3g}, it should be between 0.1 and 10", name, factor));
  double smallest = std::numeric_limits<double>::infinity();
  for (double other = 0.1; other <= 10; other *= 1.02)
    smallest = std::min(smallest, gd::cross_entropy(other * scores, labels).item());
  const double loss = gd::cross_entropy(factor * scores, labels).item();
  exercise::expect(loss <= 1.005 * smallest,
                   fmt::format("with best_factor for {}, {:.3g}, the loss is {:.4f}; {:.4f} can be "
                               "reached",
                               name, factor, loss, smallest));
}

// Three samples, of which one is answered wrongly: p should be ⅔, which is σ(ln 2).
static void check_by_hand() {
  const gd::Tensor scores = gd::Tensor::from({{1.f, 0.f}, {0.f, 1.f}, {1.f, 0.f}});
  const gd::Tensor labels = gd::Tensor::from<int64_t>({0, 1, 1});
  for (const double factor : {1.0, 2.0, 10.0}) {
    const auto [accuracy, loss] = measure(scores, labels, factor);
    const std::string name = fmt::format(" of the scores (1, 0), (0, 1), (1, 0) times {}", factor);
    exercise::expect_near("the accuracy" + name, accuracy, 2.0 / 3, 1e-6);
    exercise::expect_near("the loss" + name, loss, std::log(1 + std::exp(-factor)) + factor / 3,
                          1e-4);
  }
  check_best("these three samples", scores, labels, best_factor(scores, labels));
}

void check() {
  check_by_hand();

  // The model of the chapter. Its factor is chosen on digits that are neither trained nor tested.
  gd::Rng rng(1);
  const auto [all, test] = gd::data::digits();
  const auto [validation, train] = [&, &digits = all] {
    const auto parts = digits.split(0.2, rng);
    return std::pair(parts.test, parts.train);
  }();
  gd::layers::Sequential model{gd::layers::Flatten(), gd::layers::Dense(28 * 28, 10, rng)};
  gd::optim::SGD optimizer(model.parameters(), {.lr = 0.01});
  gd::data::Loader batches(train, {.batch_size = 32}, rng);
  for (int epoch = 0; epoch < 10; ++epoch)
    for (auto [images, labels] : batches) {
      optimizer.zero_grad();
      gd::cross_entropy(model(images), labels).backward();
      optimizer.step();
    }
  const auto [validation_images, validation_labels] = validation.batch(0, validation.size());
  const gd::Tensor validation_scores =
      gd::no_grad([&, &some = validation_images] { return model(some); });
  const double best = best_factor(validation_scores, validation_labels);
  check_best("the validation digits", validation_scores, validation_labels, best);

  const auto [images, labels] = test.batch(0, test.size());
  const gd::Tensor scores = gd::no_grad([&, &some = images] { return model(some); });
  fmt::print("test data    accuracy, %   loss\n");
  for (const double factor : {0.1, 1.0, best, 10.0}) {
    const auto [accuracy, loss] = measure(scores, labels, factor);
    fmt::print("times {:5.2f}  {:11.1f}  {:5.3f}\n", factor, 100 * accuracy, loss);
    exercise::expect_near(fmt::format("the accuracy of the scores times {}", factor), accuracy,
                          gd::accuracy(scores, labels), 1e-6);
    exercise::expect_near(fmt::format("the loss of the scores times {}", factor), loss,
                          gd::cross_entropy(factor * scores, labels).item(), 1e-3);
  }
  exercise::expect(measure(scores, labels, 10).loss > 1.5 * measure(scores, labels, 1).loss,
                   "ten times the scores should have a loss of more than 1.5 times");
}
