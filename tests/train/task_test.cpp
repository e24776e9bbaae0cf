// Trainings and evaluations of numbers and labels, with weights.
#include "train/task.hpp"

#include <doctest/doctest.h>

#include "core/autograd.hpp"
#include "core/ops/elementwise.hpp"
#include "data/sets/toy_numbers.hpp"
#include "layers/activation.hpp"
#include "layers/dense.hpp"
#include "layers/sequential.hpp"
#include "optim/algorithms/adam.hpp"
#include "train/calibration.hpp"
#include "train/evaluate.hpp"
#include "train/fit.hpp"

using namespace gradus;

namespace {

// y = 2x for x = 0, 1, 2, 3, by a model that predicts x.
data::Dataset doubled() {
  return data::Dataset::of_tensors(Tensor::from(std::vector<double>{0, 1, 2, 3}, {4, 1}),
                                   Tensor::from<double>({0, 2, 4, 6}));
}

layers::Sequential identity_of_numbers() {
  Rng rng(1);
  layers::Dense dense(1, 1, rng);
  const NoGrad no_grad;
  dense.weight.fill(1);
  dense.bias.fill(0);
  return layers::Sequential{std::move(dense)};
}

}  // namespace

TEST_CASE("numbers are evaluated in their units, by the scale of the data") {
  layers::Sequential model = identity_of_numbers();
  const train::Evaluation plain = train::evaluate(model, doubled(), {.batch_size = 3});
  CHECK(plain.score == doctest::Approx(std::sqrt((0 + 1 + 4 + 9) / 4.)));
  CHECK(plain.loss == doctest::Approx(14 / 4.));
  CHECK(std::isnan(plain.accuracy));
  CHECK_FALSE(plain.confusion.defined());
  // Scaled targets are (y − 3)/√5; x predicts √5·x + 3.
  const train::Evaluation scaled =
      train::evaluate(model, doubled().scaled({{3}, {std::sqrt(5.)}}), {.keep_outputs = true});
  CHECK(scaled.predictions.data<float>()[2] == doctest::Approx(2 * std::sqrt(5.) + 3));
  CHECK(scaled.outputs.data<float>()[2] == 2);
}

TEST_CASE("weights of samples count in scores and losses") {
  layers::Sequential model = identity_of_numbers();
  const std::vector<float> weights{0, 3, 0, 1};
  const train::Evaluation weighted =
      train::evaluate(model, doubled().weighted(weights), {.batch_size = 3});
  CHECK(weighted.loss == doctest::Approx((3 * 1 + 9) / 4.));
  CHECK(weighted.score == doctest::Approx(std::sqrt(3.)));
}

TEST_CASE("fit learns numbers, and reports RMSE in their units") {
  Rng rng(5);
  const data::Split split = data::friedman1({.samples = 300}, rng);
  layers::Sequential model{layers::Dense(10, 16, rng), layers::Tanh(), layers::Dense(16, 1, rng)};
  optim::Adam optimizer(model.parameters(), {.lr = 1e-2});
  const train::History history = train::fit(
      model, optimizer, split.train,
      {.epochs = 30, .batch_size = 16, .validation = 0.2, .progress = train::ShowProgress::never},
      rng);
  CHECK(history.front().train_score > history.back().train_score);
  const std::size_t best = train::best_epoch(history, 1, train::regress());
  for (const train::EpochRecord& epoch : history) CHECK(epoch.val_loss >= history[best].val_loss);
  const train::Evaluation test = train::evaluate(model, split.test);
  CHECK(test.score < 3);    // the deviation of the targets is 5
  CHECK(test.score > 0.9);  // that of the noise is 1
}

TEST_CASE("labels are predicted each for itself") {
  Rng rng(2);
  std::vector<float> values, labels;
  for (int i = 0; i < 200; ++i) {
    const float x = static_cast<float>(rng.normal()), y = static_cast<float>(rng.normal());
    values.insert(values.end(), {x, y});
    labels.insert(labels.end(), {x > 0 ? 1.f : 0.f, x + y > 0 ? 1.f : 0.f, 1.f});
  }
  const data::Dataset dataset = data::Dataset::of_features(
      values, 2, {data::TargetKind::labels, Tensor::from(labels, {200, 3}), 3});
  layers::Sequential model{layers::Dense(2, 3, rng)};
  optim::Adam optimizer(model.parameters(), {.lr = 0.1});
  train::fit(model, optimizer, dataset,
             {.epochs = 20, .batch_size = 20, .progress = train::ShowProgress::never}, rng);
  const train::Evaluation result = train::evaluate(model, dataset, {.keep_outputs = true});
  CHECK(result.accuracy > 0.95);
  CHECK(result.predictions.shape() == Shape{200, 3});
  const train::Task& task = train::task_of(dataset);
  CHECK(std::string(task.name) == "multi-label");
  const Tensor judged = task.judged(result.outputs, task.default_loss(), {});
  const auto scores = task.scores(dataset.targets(), judged, Rng(1), {});
  CHECK(scores.front().name == "accuracy");
  CHECK(scores.front().value == doctest::Approx(result.accuracy));
  CHECK(task.chance(dataset) < 0.9);
}

TEST_CASE("error bounds hold 95 % of new samples") {
  Rng rng(9);
  const Tensor truth = Tensor::zeros({999, 1}), guess = randn({999, 1}, rng);
  const std::vector<double> bounds = train::error_bounds(truth, guess);
  REQUIRE(bounds.size() == 1);
  int inside = 0;
  for (int64_t i = 0; i < 999; ++i) inside += std::abs(guess.data<float>()[i]) <= bounds[0];
  CHECK(inside == 950);  // ⌈0.95·1000⌉
  CHECK(bounds[0] == doctest::Approx(1.96).epsilon(0.1));
  CHECK(train::error_bounds(Tensor::zeros({18, 2}), Tensor::zeros({18, 2})).empty());
  CHECK(train::error_bounds(Tensor::zeros({19, 2}), Tensor::zeros({19, 2})) ==
        std::vector<double>{0, 0});
  CHECK_THROWS_WITH(train::error_bounds(Tensor::zeros({3}), Tensor::zeros({3, 1})),
                    "[error_bounds] targets and predictions must be (N, D), got (3) and (3, 1)");
}
