// Hint: recall divides the number on the diagonal by the sum of its row, precision by the sum of
// its column. The diagonal is no confusion: try the pairs a < b only.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

static void expect_matrix(const std::string& name, const Matrix& got, const Matrix& right) {
  exercise::expect(got.size() == right.size(), fmt::format("{} has {} rows, it should have {}",
                                                           name, got.size(), right.size()));
  for (std::size_t t = 0; t < right.size(); ++t)
    exercise::expect(got[t] == right[t],
                     fmt::format("row {} of {} is {}, it should be {}", t, name, got[t], right[t]));
}

static void expect_pair(const Matrix& matrix, int64_t a, int64_t b) {
  const auto [first, second] = most_confused(matrix);
  exercise::expect(first == a && second == b,
                   fmt::format("most_confused({}) is ({}, {}), it should be ({}, {})", matrix,
                               first, second, a, b));
}

// Predictions that are random in a fifth of the cases, and shirts (6) that look like T-shirts (0).
static void check_clothes() {
  gd::Rng rng(1);
  std::vector<int64_t> targets, predictions;
  for (int i = 0; i < 1000; ++i) {
    targets.push_back(rng.below(10));
    const double luck = rng.uniform();
    const int64_t alike = targets.back() == 6 ? 0 : targets.back();
    predictions.push_back(luck < 0.2 ? rng.below(10) : luck < 0.5 ? alike : targets.back());
  }
  const auto tensor = [](const std::vector<int64_t>& values) {
    return gd::Tensor::from(values, {1000});
  };
  const gd::Tensor right =
      gd::data::confusion_matrix(tensor(targets), tensor(predictions), 10).to(gd::DType::i64);
  const auto numbers = right.to_vector<int64_t>();
  Matrix rows;
  for (int i = 0; i < 10; ++i) rows.emplace_back(&numbers[10 * i], &numbers[10 * i] + 10);
  const Matrix matrix = confusion(targets, predictions, 10);
  expect_matrix("confusion of 1000 clothes", matrix, rows);
  expect_pair(matrix, 0, 6);
}

void check() {
  const std::vector<int64_t> targets{0, 0, 0, 1, 1, 1, 1, 2, 2, 2},
      predictions{0, 0, 1, 0, 1, 1, 1, 1, 1, 2};
  const Matrix right{{2, 1, 0}, {1, 3, 0}, {0, 2, 1}};
  const Matrix matrix = confusion(targets, predictions, 3);
  expect_matrix("confusion of ten samples", matrix, right);
  for (const auto& [label, value] : {std::pair{0, 2. / 3}, {1, 0.75}, {2, 1. / 3}})
    exercise::expect_near(fmt::format("recall of class {}", label), recall(right, label), value,
                          1e-9);
  for (const auto& [label, value] : {std::pair{0, 2. / 3}, {1, 0.5}, {2, 1.}})
    exercise::expect_near(fmt::format("precision of class {}", label), precision(right, label),
                          value, 1e-9);
  expect_pair({{90, 0, 4}, {0, 80, 5}, {4, 0, 70}}, 0, 2);  // 4 and 4 are more than 5 and 0
  expect_pair({{1, 0, 0}, {0, 1, 1}, {0, 0, 1}}, 1, 2);
  check_clothes();
}
