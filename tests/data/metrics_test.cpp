#include "data/metrics.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace gradus;
using namespace gradus::data;

namespace {

// Features are the logits of three classes.
Dataset four_samples() {
  return Dataset::of_features({1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0}, 3, {0, 1, 2, 2}, 3);
}

Tensor confusion_of(const std::vector<int64_t>& counts) {
  const auto classes = static_cast<int64_t>(std::sqrt(counts.size()));
  return Tensor::from(counts, {classes, classes});
}

// A model that returns the opposite in training mode.
struct ModelWithModes {
  struct Scope {
    bool& training;
    explicit Scope(bool& flag) : training(flag) { training = false; }
    ~Scope() { training = true; }
    Scope(const Scope&) = delete;
  };

  Scope evaluation_scope() { return Scope(training); }
  Tensor operator()(const Tensor& x) {
    largest_batch = std::max(largest_batch, x.size(0));
    recorded = recorded || grad_enabled();
    Tensor y = x.clone();
    if (training) y.fill(0);
    return y;
  }

  bool training = true;
  bool recorded = false;
  int64_t largest_batch = 0;
};

}  // namespace

TEST_CASE(
    "accuracy is the fraction of rows whose largest logit is the label's, the first of equal "
    "ones") {
  const Tensor logits = Tensor::from<float>({1, 3, 2, 5, 5, 0, 0, 1, 2}, {3, 3});
  CHECK(predictions(logits).to_vector<int64_t>() == std::vector<int64_t>{1, 0, 2});
  CHECK(accuracy(logits, Tensor::from<int64_t>({1, 1, 2})) == doctest::Approx(2.0 / 3));
  CHECK_THROWS_WITH(
      accuracy(logits, Tensor::from<int64_t>({1, 1})),
      "[count_correct] target and prediction must be i64 (N), got i64 (2) and i64 (3)");
  CHECK_THROWS_WITH(accuracy(Tensor::zeros({3}), Tensor::from<int64_t>({1, 1, 2})),
                    "[predictions] logits must be (N, classes), got (3)");
  CHECK_THROWS_WITH(accuracy(Tensor::zeros({0, 3}), Tensor::zeros({0}, DType::i64)),
                    "[accuracy] at least one row is needed, got (0, 3)");
}

TEST_CASE("accuracy of a function on a data set, for any batch size") {
  const auto identity = [](const Tensor& x) { return x; };
  for (int64_t batch_size : {1, 3, 4, 512})
    CHECK(accuracy(identity, four_samples(), batch_size) == 0.75);
  CHECK_THROWS_WITH(accuracy(identity, four_samples(), 0),
                    "[for_each_batch] batch_size must be 1 or more, got 0");
  const auto one_row = [](const Tensor&) { return Tensor::zeros({1, 3}); };
  CHECK_THROWS_WITH(accuracy(one_row, four_samples()),
                    "[predict] the model must return one row per sample, got 1 row for 4 samples");
}

TEST_CASE("accuracy evaluates in evaluation mode, without recording, and puts the mode back") {
  ModelWithModes model;
  CHECK(accuracy(model, four_samples(), 3) == 0.75);
  CHECK(model.training);
  CHECK_FALSE(model.recorded);
  CHECK(model.largest_batch == 3);
}

TEST_CASE("a confusion matrix has targets in rows and predictions in columns") {
  const Tensor target = Tensor::from<int64_t>({0, 0, 1, 2, 2, 2});
  const Tensor prediction = Tensor::from<int64_t>({0, 1, 1, 0, 2, 2});
  const Tensor confusion = confusion_matrix(target, prediction, 4);
  CHECK(confusion.shape() == Shape{4, 4});
  CHECK(confusion.to_vector<int64_t>() ==
        std::vector<int64_t>{1, 1, 0, 0, 0, 1, 0, 0, 1, 0, 2, 0, 0, 0, 0, 0});
  CHECK_THROWS_WITH(confusion_matrix(target, prediction, 2),
                    "[confusion_matrix] classes must be 0 to 1: sample 3 has 2");

  const std::vector<ClassScores> scores = class_scores(confusion);
  REQUIRE(scores.size() == 4);
  CHECK(scores[0].precision == 0.5);
  CHECK(scores[0].recall == 0.5);
  CHECK(scores[1].precision == 0.5);
  CHECK(scores[1].recall == 1);
  CHECK(scores[1].f1 == doctest::Approx(2.0 / 3));
  CHECK(scores[2].precision == 1);
  CHECK(scores[2].recall == doctest::Approx(2.0 / 3));
  CHECK(scores[2].f1 == doctest::Approx(0.8));
  CHECK(scores[2].support == 3);
  CHECK(scores[3].f1 == 0);
  CHECK(scores[3].precision == 0);
}

TEST_CASE("scores of a confusion matrix") {
  // Of the samples above: recalls ½, 1, ⅔; F1 ½, ⅔, ⅘; the fourth class occurs nowhere.
  const Tensor confusion = confusion_of({1, 1, 0, 0, 0, 1, 0, 0, 1, 0, 2, 0, 0, 0, 0, 0});
  CHECK(balanced_accuracy(confusion) == doctest::Approx(13.0 / 18));
  CHECK(macro_f1(confusion) == doctest::Approx(59.0 / 90));
  CHECK(weighted_f1(confusion) == doctest::Approx(61.0 / 90));
  CHECK(matthews(confusion) == doctest::Approx(12 / std::sqrt(528)));
  CHECK(cohen_kappa(confusion) == 0.5);

  const Tensor right = confusion_of({3, 0, 0, 0, 5, 0, 0, 0, 11});
  const Tensor wrong = confusion_of({0, 4, 4, 0});
  for (const auto score : {balanced_accuracy, macro_f1, weighted_f1, matthews, cohen_kappa})
    CHECK(score(right) == 1);
  for (const auto score : {balanced_accuracy, macro_f1, weighted_f1}) CHECK(score(wrong) == 0);
  CHECK(matthews(wrong) == -1);
  CHECK(cohen_kappa(wrong) == -1);
}

TEST_CASE("scores where targets or predictions are of one class, or of one sample") {
  const Tensor always_first = confusion_of({2, 0, 3, 0});
  CHECK(balanced_accuracy(always_first) == 0.5);
  CHECK(macro_f1(always_first) == doctest::Approx(2.0 / 7));
  CHECK(weighted_f1(always_first) == doctest::Approx(8.0 / 35));
  CHECK(matthews(always_first) == 0);
  CHECK(cohen_kappa(always_first) == 0);

  for (const int64_t samples : {1, 3}) {
    const Tensor one_class = confusion_of({samples, 0, 0, 0});
    for (const auto score : {balanced_accuracy, macro_f1, weighted_f1})
      CHECK(score(one_class) == 1);
    CHECK(matthews(one_class) == 0);
    CHECK(std::isnan(cohen_kappa(one_class)));
    const Tensor other_class = confusion_of({0, samples, 0, 0});
    for (const auto score : {balanced_accuracy, macro_f1, weighted_f1, matthews, cohen_kappa})
      CHECK(score(other_class) == 0);
  }
  // Rounded fractions would give a denominator that isn't 0.
  CHECK(matthews(confusion_of({49, 0, 0, 0})) == 0);

  CHECK_THROWS_WITH(macro_f1(Tensor::zeros({2, 2}, DType::i64)),
                    "[macro_f1] at least one sample is needed");
  CHECK_THROWS_WITH(matthews(Tensor::zeros({2, 3}, DType::i64)),
                    "[matthews] the confusion matrix must be (classes, classes), got (2, 3)");
}

TEST_CASE("a resampled metric is that of the repeated samples") {
  Rng rng(5);
  std::vector<int64_t> target(40), prediction(40), targets, predictions;
  std::vector<double> counts(40);
  for (std::size_t i = 0; i < 40; ++i) {
    target[i] = rng.below(4);
    prediction[i] = rng.below(2) ? target[i] : rng.below(4);
    counts[i] = static_cast<double>(rng.below(3));
    targets.insert(targets.end(), static_cast<std::size_t>(counts[i]), target[i]);
    predictions.insert(predictions.end(), static_cast<std::size_t>(counts[i]), prediction[i]);
  }
  const Tensor t = Tensor::from(target, {40}), p = Tensor::from(prediction, {40});
  const int64_t drawn = std::ssize(targets);
  const Tensor confusion =
      confusion_matrix(Tensor::from(targets, {drawn}), Tensor::from(predictions, {drawn}), 4);
  CHECK(resampled::balanced_accuracy(t, p, 4)(counts) == balanced_accuracy(confusion));
  CHECK(resampled::macro_f1(t, p, 4)(counts) == macro_f1(confusion));
  CHECK(resampled::weighted_f1(t, p, 4)(counts) == weighted_f1(confusion));
  CHECK(resampled::matthews(t, p, 4)(counts) == matthews(confusion));
  CHECK(resampled::cohen_kappa(t, p, 4)(counts) == cohen_kappa(confusion));
  CHECK(resampled::accuracy(t, p)(counts) ==
        static_cast<double>(
            count_correct(Tensor::from(targets, {drawn}), Tensor::from(predictions, {drawn}))) /
            static_cast<double>(drawn));
  const std::vector<double> nothing(40);
  for (const ResampledMetric& metric :
       {resampled::accuracy(t, p), resampled::balanced_accuracy(t, p, 4),
        resampled::macro_f1(t, p, 4), resampled::weighted_f1(t, p, 4), resampled::matthews(t, p, 4),
        resampled::cohen_kappa(t, p, 4)})
    CHECK(std::isnan(metric(nothing)));

  CHECK_THROWS_WITH(
      resampled::macro_f1(Tensor::from<int64_t>({0, 1}), Tensor::from<int64_t>({0, 2}), 2),
      "[macro_f1] classes must be 0 to 1: sample 1 has 2");
  CHECK_THROWS_WITH(
      resampled::accuracy(Tensor::zeros({0}, DType::i64), Tensor::zeros({0}, DType::i64)),
      "[accuracy] at least one sample is needed");
}

TEST_CASE("probabilities are f64, so that they aren't rounded to 0") {
  const Tensor p = probabilities(Tensor::from<float>({0, 0, -300, 300}, {2, 2}));
  CHECK(p.dtype() == DType::f64);
  CHECK(p.data<double>()[0] == 0.5);
  CHECK(p.data<double>()[2] == doctest::Approx(std::exp(-600.0)).epsilon(1e-12));
  CHECK_THROWS_WITH(probabilities(Tensor::zeros({3})),
                    "[probabilities] logits must be (N, classes), got (3)");
}

TEST_CASE("weighted metrics of classes have scikit-learn's values for sample_weight") {
  const Tensor target = Tensor::from<int64_t>({0, 1, 2, 2, 1, 0, 1, 2});
  const Tensor prediction = Tensor::from<int64_t>({0, 1, 2, 1, 1, 1, 0, 2});
  const std::vector<double> weights{0.5, 2, 1, 0, 1.5, 0.25, 3, 0.75};
  const std::pair<ResampledMetric, double> wanted[] = {
      {resampled::accuracy(target, prediction), 0.6388888888888888},
      {resampled::balanced_accuracy(target, prediction, 3), 0.7350427350427351},
      {resampled::macro_f1(target, prediction, 3), 0.6394069823051172},
      {resampled::weighted_f1(target, prediction, 3), 0.7072772198310219},
      {resampled::matthews(target, prediction, 3), 0.5092972056471965},
      {resampled::cohen_kappa(target, prediction, 3), 0.42576687116564405}};
  std::vector<double> twice = weights;
  for (double& weight : twice) weight *= 2;
  for (const auto& row : wanted) {
    CHECK(row.first(weights) == doctest::Approx(row.second).epsilon(1e-13));
    CHECK(row.first(twice) == row.first(weights));
  }
}
