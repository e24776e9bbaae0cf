// Hint: mean and variance are over dimension 0, as in the chapter's formula. The running mean is
// 0.5 after the first batch of mean 5, and 0.9·0.5 + 0.1·5 after the second.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  const auto start = [](int64_t units) {
    return Running{gd::Tensor::zeros({units}), gd::Tensor::ones({units})};
  };
  const auto expect_running = [](const std::string& name, const Running& got,
                                 const gd::Tensor& mean, const gd::Tensor& variance) {
    exercise::expect_near("the running mean " + name, got.mean, mean, 1e-4);
    exercise::expect_near("the running variance " + name, got.variance, variance, 1e-4);
  };
  expect_running("after the batch (0, 2)", updated(start(1), gd::Tensor::from({{0.f}, {2.f}})),
                 gd::Tensor::from({0.1f}), gd::Tensor::from({1.1f}));

  gd::Rng rng(1);
  gd::layers::BatchNorm1d norm(3);
  Running running = start(3);
  for (int batch = 1; batch <= 5; ++batch) {
    const gd::Tensor x = 2.0 * gd::randn({8, 3}, rng) + static_cast<double>(batch);
    norm(x);
    running = updated(running, x);
    expect_running(fmt::format("after {} random batches", batch), running, norm.running_mean,
                   norm.running_var);
  }

  running = start(1);
  for (int batches = 1; batches <= 22; ++batches) {
    running = updated(running, gd::Tensor::full({8, 1}, 5));
    exercise::expect_near(fmt::format("the running mean after {} batches of mean 5", batches),
                          running.mean.item(), 5 * (1 - std::pow(0.9, batches)), 1e-4);
  }

  for (const auto& [threshold, right] :
       {std::pair{0.4, 1}, {0.6, 2}, {2.5, 7}, {4.5, 22}, {4.95, 44}}) {
    const int64_t batches = batches_until_above(threshold);
    exercise::expect(batches == right, fmt::format("batches_until_above({}) is {}, it should be {}",
                                                   threshold, batches, right));
  }
}
