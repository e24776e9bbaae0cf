// Targets that are labels or numbers, their scale, and weights of samples.
#include <doctest/doctest.h>

#include "core/ops/elementwise.hpp"
#include "data/dataset.hpp"
#include "data/sampling.hpp"

using namespace gradus;
using namespace gradus::data;

namespace {

using Values = std::vector<float>;

Dataset four_numbers() {
  return Dataset::of_features({1, 2, 3, 4}, 1,
                              {TargetKind::numbers,
                               Tensor::from(Values{10, 1, 20, 2, 30, 3, 60, 6}, {4, 2}),
                               2,
                               {"price", "rooms"}});
}

}  // namespace

TEST_CASE("numbers are delivered by their scale and restored without it") {
  const Dataset dataset = four_numbers();
  CHECK(dataset.target_kind() == TargetKind::numbers);
  CHECK(dataset.target_count() == 2);
  CHECK(dataset.target_name(1) == "rooms");
  const TargetScale scale = dataset.target_statistics();
  CHECK(scale.mean == std::vector<double>{30, 3});
  CHECK(scale.deviation[0] == doctest::Approx(std::sqrt(350.)));
  const Dataset scaled = dataset.scaled(scale);
  const Tensor targets = scaled.batch(1, 2).targets;
  CHECK(targets.shape() == Shape{2, 2});
  CHECK(targets.data<float>()[0] == doctest::Approx(-10 / std::sqrt(350.)));
  CHECK(targets.data<float>()[2] == 0);
  const Tensor restored = scaled.target_scale().restored(targets);
  CHECK(restored.data<float>()[0] == doctest::Approx(20));
  CHECK(scaled.targets().to_vector<float>() == dataset.targets().to_vector<float>());
  const Dataset one = dataset.subset(std::vector<int64_t>{2});
  CHECK(one.target_statistics().deviation == std::vector<double>{1, 1});
}

TEST_CASE("both parts are scaled by the training part") {
  const Dataset all = four_numbers();
  const Split split = normalized_by_train(
      {all.subset(std::vector<int64_t>{0, 1, 2}), all.subset(std::vector<int64_t>{3})});
  CHECK(split.train.target_scale().mean == std::vector<double>{20, 2});
  CHECK(split.test.target_scale().mean == std::vector<double>{20, 2});
  CHECK(split.test.batch(0, 1).targets.data<float>()[1] == doctest::Approx(4 / std::sqrt(2. / 3)));
}

TEST_CASE("a batch has the weights of its samples, also of a subset") {
  const Values weights{1, 0, 2.5, 4};
  const Dataset dataset = four_numbers().weighted(weights);
  const std::vector<int64_t> chosen{3, 0};
  const Dataset part = dataset.subset(chosen);
  CHECK(part.weights().to_vector<float>() == Values{4, 1});
  CHECK(part.batch(1, 1).weights.to_vector<float>() == Values{1});
  CHECK_FALSE(four_numbers().weights().defined());
  CHECK_FALSE(four_numbers().batch(0, 2).weights.defined());
  auto [inputs, targets] = dataset.batch(0, 4);
  CHECK(inputs.shape() == Shape{4, 1});
  CHECK(targets.shape() == Shape{4, 2});
}

TEST_CASE("features that aren't quantities keep their values") {
  const Dataset dataset =
      Dataset::of_features({0, 10, 1, 20, 1, 60}, 2, {0, 1, 0}, 2).with_quantities({false, true});
  const Normalization normalization = dataset.statistics();
  CHECK(normalization.mean == std::vector<double>{0, 30});
  CHECK(normalization.deviation[0] == 1);
  CHECK(dataset.normalized(normalization).batch(1, 1).inputs.data<float>()[0] == 1);
}

TEST_CASE("tensors become a data set of classes or numbers") {
  const Tensor x = Tensor::from(std::vector<double>{1, 2, 3, 4}, {2, 2});
  const Dataset classes = Dataset::of_tensors(x, Tensor::from<int64_t>({2, 0}));
  CHECK(classes.classes() == 3);
  CHECK(classes.batch(0, 1).inputs.to_vector<float>() == Values{1, 2});
  const Dataset numbers = Dataset::of_tensors(x, Tensor::from<double>({0.5, 1.5}));
  CHECK(numbers.target_count() == 1);
  CHECK(numbers.targets().shape() == Shape{2, 1});
  const Dataset image =
      Dataset::of_tensors(Tensor::zeros({2, 1, 3, 3}), Tensor::zeros({2, 4}, DType::f64));
  CHECK(image.sample_shape() == Shape{1, 3, 3});
  CHECK(image.target_count() == 4);
}

TEST_CASE("targets that don't fit are errors") {
  const auto check = [](const auto& body, const char* message) {
    CHECK_THROWS_WITH_AS(body(), message, std::invalid_argument);
  };
  check([] { four_numbers().classes(); }, "[dataset] the targets are numbers, not classes");
  check([] { four_numbers().labels(); }, "[dataset] the targets are numbers, not classes");
  check(
      [] {
        Dataset::of_features({1, 2}, 1,
                             {TargetKind::labels, Tensor::from(Values{0, 1, 2, 0}, {2, 2}), 2});
      },
      "[dataset] labels must be 0 or 1: number 0 of sample 1 is 2");
  check(
      [] {
        Dataset::of_features({1, 2}, 1,
                             {TargetKind::numbers, Tensor::from(Values{0, INFINITY}, {2, 1}), 1});
      },
      "[dataset] targets must be finite numbers: number 0 of sample 1 is inf");
  check(
      [] {
        Dataset::of_features({1}, 1, {TargetKind::numbers, Tensor::zeros({1, 2}), 1});
      },
      "[dataset] targets of 1 number must be f32 (N, 1), got f32 (1, 2)");
  check(
      [] {
        four_numbers().weighted(Values{1, 2});
      },
      "[dataset] 4 samples need as many weights, got 2");
  check(
      [] {
        four_numbers().weighted(Values{1, -1, 0, 0});
      },
      "[dataset] weights must be finite and 0 or more, got -1");
  check(
      [] {
        four_numbers().weighted(Values{0, 0, 0, 0});
      },
      "[dataset] one of the weights must be above 0");
  check(
      [] {
        four_numbers().scaled({{1}, {1}});
      },
      "[dataset] a scale needs a mean and a deviation for each of 2 numbers, got 1 and 1");
  check(
      [] {
        four_numbers().scaled({{1, 1}, {1, 0}});
      },
      "[dataset] deviations must be positive, got 0");
  check(
      [] {
        four_numbers().with_quantities({true, false});
      },
      "[dataset] 1 feature need as many marks of quantities, got 2");
  check(
      [] {
        Dataset::of_tensors(Tensor::zeros({2, 1}), Tensor::zeros({3}));
      },
      "[dataset] inputs must be f32 or f64 (N, …), targets i64 (N), or f32 or f64 (N) or (N, D), "
      "got f32 (2, 1) and f32 (3)");
  Rng rng(1);
  check([&] { balanced_order(four_numbers(), rng); },
        "[balanced_order] the targets must be classes");
}
