#include "data/metrics.hpp"

#include <doctest/doctest.h>

using namespace gradus;
using namespace gradus::data;

namespace {

// Features are the logits of three classes.
Dataset four_samples() {
  return Dataset::of_features({1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0}, 3, {0, 1, 2, 2}, 3);
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
