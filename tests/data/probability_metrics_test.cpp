#include "data/probability_metrics.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/random.hpp"
#include "data/metrics.hpp"

using namespace gradus;
using namespace gradus::data;

namespace {

Tensor labels_of(const std::vector<int64_t>& labels) {
  return Tensor::from(labels, {std::ssize(labels)});
}

Tensor rows_of(const std::vector<double>& values, int64_t columns) {
  return Tensor::from(values, {std::ssize(values) / columns, columns});
}

Tensor numbers_of_class_1(const std::vector<double>& values) {
  return Tensor::from(values, {std::ssize(values)});
}

}  // namespace

TEST_CASE("log_loss and brier of rows, and of the probabilities of class 1") {
  const Tensor target = labels_of({0, 1});
  const Tensor rows = rows_of({0.8, 0.2, 0.25, 0.75}, 2);
  const Tensor of_class_1 = numbers_of_class_1({0.2, 0.75});
  CHECK(log_loss(target, rows) == doctest::Approx(-std::log(0.8 * 0.75) / 2));
  CHECK(log_loss(target, of_class_1) == doctest::Approx(-std::log(0.8 * 0.75) / 2));
  CHECK(brier(target, rows) == doctest::Approx((0.08 + 0.125) / 2));
  CHECK(brier(target, of_class_1) == doctest::Approx((0.04 + 0.0625) / 2));
  // Certain and right, certain and wrong.
  const Tensor certain = rows_of({1, 0, 0, 0, 1, 0}, 3);
  CHECK(log_loss(labels_of({0, 1}), certain) == 0);
  CHECK(log_loss(labels_of({0, 2}), certain) == INFINITY);
  CHECK(brier(labels_of({0, 1}), certain) == 0);
  CHECK(brier(labels_of({1, 2}), certain) == 2);
  CHECK(log_loss(labels_of({0}), numbers_of_class_1({1})) == INFINITY);
  CHECK(log_loss(labels_of({0}), numbers_of_class_1({1e-20})) == doctest::Approx(1e-20).scale(0));
  // Rounding of a mean of probabilities.
  const Tensor rounded = Tensor::from({1 + 0x1p-23f});
  CHECK(log_loss(labels_of({1}), rounded) == 0);
  CHECK(log_loss(labels_of({0}), rounded) == INFINITY);
  CHECK_THROWS_WITH(log_loss(labels_of({0}), numbers_of_class_1({1.5})),
                    "[log_loss] probability must be 0 to 1: sample 0 has 1.5");
  // A sample that doesn't count doesn't matter.
  CHECK(resampled::log_loss(labels_of({0, 2}), certain)(std::vector<double>{2, 0}) == 0);
}

TEST_CASE("top_k_accuracy, where the first of equal scores is the highest") {
  const Tensor score = rows_of({3, 2, 1, 1, 2, 3, 2, 2, 2}, 3);
  const Tensor target = labels_of({1, 0, 1});
  CHECK(top_k_accuracy(target, score, 1) == 0);
  CHECK(top_k_accuracy(target, score, 2) == doctest::Approx(2.0 / 3));
  CHECK(top_k_accuracy(target, score, 3) == 1);
  const Tensor best = labels_of({0, 2, 0});
  CHECK(top_k_accuracy(best, score, 1) == 1);
  CHECK(count_correct(best, predictions(score)) == 3);
  CHECK_THROWS_WITH(top_k_accuracy(target, score, 4), "[top_k_accuracy] k must be 1 to 3, got 4");
  CHECK_THROWS_WITH(top_k_accuracy(target, score, 0), "[top_k_accuracy] k must be 1 to 3, got 0");
}

TEST_CASE("expected_calibration_error is the mean distance of the bins") {
  const Tensor target = labels_of({0, 0});
  const Tensor probability = rows_of({0.9, 0.1, 0.3, 0.7}, 2);
  CHECK(expected_calibration_error(target, probability, 4) == doctest::Approx(0.4));
  CHECK(expected_calibration_error(target, probability) == doctest::Approx(0.4));
  CHECK(expected_calibration_error(target, probability, 1) == doctest::Approx(0.3));
  // The last bin contains 1.
  CHECK(expected_calibration_error(target, rows_of({1, 0, 1, 0}, 2)) == 0);
  CHECK(expected_calibration_error(target, rows_of({0, 1, 0, 1}, 2)) == 1);
  CHECK(expected_calibration_error(target, rows_of({1, 1}, 1)) == 0);  // a single class
  CHECK_THROWS_WITH(expected_calibration_error(target, probability, 0),
                    "[expected_calibration_error] bins must be 1 to 10^6, got 0");
}

TEST_CASE("roc_auc and average_precision count ties") {
  const Tensor target = labels_of({1, 1, 0, 0});
  const Tensor score = numbers_of_class_1({0.8, 0.4, 0.4, 0.2});
  CHECK(roc_auc(target, score) == 0.875);
  CHECK(average_precision(target, score) == doctest::Approx(5.0 / 6));
  CHECK(roc_auc(target, numbers_of_class_1({4, 3, 2, 1})) == 1);
  CHECK(roc_auc(target, numbers_of_class_1({1, 2, 3, 4})) == 0);
  CHECK(average_precision(target, numbers_of_class_1({4, 3, 2, 1})) == 1);
  CHECK(average_precision(target, numbers_of_class_1({1, 2, 3, 4})) ==
        doctest::Approx((1.0 / 3 + 0.5) / 2));
  // Equal scores order nothing.
  CHECK(roc_auc(labels_of({1, 0, 0, 0}), numbers_of_class_1({7, 7, 7, 7})) == 0.5);
  CHECK(average_precision(labels_of({1, 0, 0, 0}), numbers_of_class_1({7, 7, 7, 7})) == 0.25);
  // Logits may be infinite.
  CHECK(roc_auc(target, numbers_of_class_1({INFINITY, 1, 1, -INFINITY})) == 0.875);
  CHECK(roc_auc(target, numbers_of_class_1({0.0, 0.0, -0.0, -0.0})) == 0.5);
}

TEST_CASE("roc_auc and average_precision of rows are means over the classes that occur") {
  // Class 0 against the rest: 1; class 1: ½; class 2 doesn't occur.
  const Tensor target = labels_of({0, 1, 1});
  const Tensor score = rows_of({9, 5, 0, 3, 4, 0, 2, 6, 0}, 3);
  CHECK(roc_auc(target, score) == 0.75);
  CHECK(average_precision(target, score) == doctest::Approx((1 + (1 + 2.0 / 3) / 2) / 2));

  const Tensor one_class = labels_of({1, 1, 1});
  CHECK(std::isnan(roc_auc(one_class, score)));
  CHECK(average_precision(one_class, score) == 1);
  CHECK(std::isnan(roc_auc(one_class, numbers_of_class_1({1, 2, 3}))));
  CHECK(average_precision(one_class, numbers_of_class_1({1, 2, 3})) == 1);
  CHECK(std::isnan(average_precision(labels_of({0, 0}), numbers_of_class_1({1, 2}))));
  CHECK(std::isnan(roc_auc(labels_of({0}), rows_of({1, 0}, 2))));
}

TEST_CASE("a resampled measure of probabilities is that of the repeated samples") {
  Rng rng(6);
  std::vector<int64_t> target(30), targets;
  std::vector<double> row(90), rows;
  std::vector<double> counts(30);
  for (std::size_t i = 0; i < 30; ++i) {
    target[i] = rng.below(3);
    const int64_t first = rng.below(8), second = rng.below(9 - first);  // many are equal
    row[3 * i] = static_cast<double>(first) / 8;
    row[3 * i + 1] = static_cast<double>(second) / 8;
    row[3 * i + 2] = static_cast<double>(8 - first - second) / 8;
    counts[i] = static_cast<double>(rng.below(3));
    for (int k = 0; k < counts[i]; ++k) {
      targets.push_back(target[i]);
      rows.insert(rows.end(), &row[3 * i], &row[3 * i] + 3);
    }
  }
  const Tensor t = labels_of(target), p = rows_of(row, 3);
  const Tensor drawn_t = labels_of(targets), drawn_p = rows_of(rows, 3);
  CHECK(resampled::roc_auc(t, p)(counts) == roc_auc(drawn_t, drawn_p));
  CHECK(resampled::average_precision(t, p)(counts) ==
        doctest::Approx(average_precision(drawn_t, drawn_p)).epsilon(1e-14));
  CHECK(resampled::top_k_accuracy(t, p, 2)(counts) == top_k_accuracy(drawn_t, drawn_p, 2));
  CHECK(resampled::brier(t, p)(counts) == doctest::Approx(brier(drawn_t, drawn_p)).epsilon(1e-14));
  CHECK(resampled::expected_calibration_error(t, p)(counts) ==
        doctest::Approx(expected_calibration_error(drawn_t, drawn_p)).epsilon(1e-14));
  const std::vector<double> nothing(30);
  for (const ResampledMetric& metric :
       {resampled::roc_auc(t, p), resampled::average_precision(t, p),
        resampled::top_k_accuracy(t, p, 2), resampled::brier(t, p),
        resampled::expected_calibration_error(t, p)})
    CHECK(std::isnan(metric(nothing)));
}

TEST_CASE("a NaN among scores or probabilities makes the measure NaN") {
  const Tensor target = labels_of({0, 1});
  const Tensor rows = rows_of({NAN, NAN, 0.25, 0.75}, 2);
  for (const auto measure : {roc_auc, average_precision, log_loss, brier}) {
    CHECK(std::isnan(measure(target, rows)));
    CHECK(std::isnan(measure(target, numbers_of_class_1({NAN, 0.5}))));
  }
  CHECK(std::isnan(top_k_accuracy(target, rows, 1)));
  CHECK(std::isnan(expected_calibration_error(target, rows)));
}

TEST_CASE("measures of probabilities report wrong shapes, classes and probabilities") {
  const Tensor target = labels_of({0, 1});
  const Tensor rows = rows_of({0.8, 0.2, 0.25, 0.75}, 2);
  CHECK_THROWS_WITH(log_loss(labels_of({0, 1, 1}), rows),
                    "[log_loss] target must be i64 (N) and probability f32 or f64 (N) or (N, "
                    "classes), got i64 (3) and f64 (2, 2)");
  CHECK_THROWS_WITH(roc_auc(Tensor::zeros({2}), rows),
                    "[roc_auc] target must be i64 (N) and score f32 or f64 (N) or (N, classes), "
                    "got f32 (2) and f64 (2, 2)");
  CHECK_THROWS_WITH(top_k_accuracy(target, numbers_of_class_1({1, 2}), 1),
                    "[top_k_accuracy] target must be i64 (N) and score f32 or f64 (N, classes), "
                    "got i64 (2) and f64 (2)");
  CHECK_THROWS_WITH(roc_auc(labels_of({}), Tensor::zeros({0, 3})),
                    "[roc_auc] at least one sample is needed");
  CHECK_THROWS_WITH(brier(labels_of({0, 2}), rows),
                    "[brier] classes must be 0 to 1: sample 1 has 2");
  CHECK_THROWS_WITH(roc_auc(labels_of({0, -1}), numbers_of_class_1({1, 2})),
                    "[roc_auc] classes must be 0 to 1: sample 1 has -1");
  CHECK_THROWS_WITH(log_loss(target, rows_of({3, -2, 0.25, 0.75}, 2)),
                    "[log_loss] probability must be 0 to 1: sample 0 has 3");
  CHECK_THROWS_WITH(brier(target, rows_of({0.5, 0.5, 0.5, 0.75}, 2)),
                    "[brier] probability of a sample must have sum 1: sample 1 has 1.25");
}

// The Brier score of all classes and the calibration error by their formulas in NumPy.
TEST_CASE("weighted measures of probabilities have scikit-learn's values for sample_weight") {
  const Tensor target = labels_of({0, 1, 2, 2, 1, 0, 1, 2});
  const Tensor p = rows_of({0.6,  0.3, 0.1,  0.2, 0.5, 0.3, 0.1, 0.2,  0.7,  0.3,  0.4,  0.3,
                            0.25, 0.5, 0.25, 0.1, 0.7, 0.2, 0.4, 0.35, 0.25, 0.05, 0.15, 0.8},
                           3);
  const std::vector<double> weights{0.5, 2, 1, 0, 1.5, 0.25, 3, 0.75};
  const std::pair<ResampledMetric, double> wanted[] = {
      {resampled::top_k_accuracy(target, p, 2), 0.9722222222222222},
      {resampled::log_loss(target, p), 0.770063688667971},
      {resampled::brier(target, p), 0.4345833333333333},
      {resampled::expected_calibration_error(target, p, 5), 0.11388888888888886},
      {resampled::roc_auc(target, p), 0.8723905723905724},
      {resampled::average_precision(target, p), 0.8813260813260814}};
  std::vector<double> twice = weights;
  for (double& weight : twice) weight *= 2;
  for (const auto& row : wanted) {
    CHECK(row.first(weights) == doctest::Approx(row.second).epsilon(1e-13));
    CHECK(row.first(twice) == row.first(weights));
  }
}
