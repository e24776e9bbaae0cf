// Hint: let an unsigned number count from 0 to 2ⁿ − 1: its bit i, (mask >> i) & 1, says whether
// input i is kept. Multiply the factors p or 1 − p of all inputs; they are the probability of the
// mask.
#include <numeric>

#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  const auto expect_mean = [](const std::vector<double>& products, double p, bool with_relu,
                              double right) {
    exercise::expect_near(
        fmt::format("mean_over_masks({{{:.3g}}}, {}, {})", fmt::join(products, ", "), p, with_relu),
        mean_over_masks(products, p, with_relu), right, 1e-9 + 1e-6 * std::abs(right));
  };
  expect_mean({3}, 0.5, false, 3);
  expect_mean({3, -1}, 0.5, false, 2);
  expect_mean({1}, 0.2, true, 1);
  // The masks give 0, 6, −2 and 4; the ReLU makes 0 of −2.
  expect_mean({3, -1}, 0.5, true, 2.5);
  expect_mean({3, -1}, 0.25, true, 0.75 * 0.75 * 8 / 3 + 0.75 * 0.25 * 4);

  gd::Rng rng(1);
  fmt::print("dropout  ReLU of the sum  mean over masks\n");
  for (const double p : {0.1, 0.5, 0.8})
    for (int network = 0; network < 3; ++network) {
      std::vector<double> products;
      for (int i = 0; i < 8; ++i) products.push_back(rng.normal());
      const double sum = std::accumulate(products.begin(), products.end(), 0.0);
      expect_mean(products, p, false, sum);
      // An independent estimate: the mean over 20000 random masks, by the library.
      gd::Tensor inputs = gd::expand(gd::Tensor::from(products, {1, 8}), {20000, 8});
      const gd::Tensor outputs = gd::sum(gd::dropout(inputs, p, rng), {1});
      const double estimate = gd::mean(gd::relu(outputs)).item();
      const double error = std::sqrt(gd::var(gd::relu(outputs)).item() / 20000);
      const double mean = mean_over_masks(products, p, true);
      fmt::print("{:<7}  {:15.2f}  {:15.2f}\n", p, std::max(sum, 0.0), mean);
      exercise::expect_near(fmt::format("mean_over_masks(8 random products, {}, true)", p), mean,
                            estimate, 5 * error + 1e-6);
      exercise::expect(mean >= std::max(sum, 0.0) - 1e-9,
                       "the mean with a ReLU can't be below the ReLU of the mean");
    }
}
