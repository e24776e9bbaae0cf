#include "data/sets/mnist_1d.hpp"

#include <doctest/doctest.h>

#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "layers/dense.hpp"
#include "layers/flatten.hpp"
#include "layers/sequential.hpp"
#include "optim/algorithms/adam.hpp"
#include "tests/refuses.hpp"
#include "train/evaluate.hpp"
#include "train/fit.hpp"

using namespace gradus;
using gradus::testing::refuses;

namespace {

Tensor inputs(const data::Dataset& dataset) {
  return dataset.raw_batch(0, dataset.size()).inputs;
}

double accuracy_of_logistic_regression(bool shuffled) {
  Rng rng(1);
  const data::Split split = data::mnist_1d({.shuffled = shuffled}, rng);
  layers::Sequential model{layers::Flatten(), layers::Dense(40, 10, rng)};
  optim::Adam optimizer(model.parameters(), {.lr = 0.01});
  train::fit(model, optimizer, split.train,
             {.epochs = 10, .batch_size = 100, .progress = train::ShowProgress::never}, rng);
  return train::evaluate(model, split.test).accuracy;
}

}  // namespace

TEST_CASE("MNIST-1D has sequences of ten classes, whose positions can be shuffled") {
  Rng rng(3), again(3);
  const data::Split split = data::mnist_1d({.samples = 200}, rng);
  CHECK(split.train.size() == 160);
  CHECK(split.test.size() == 40);
  CHECK(split.train.classes() == 10);
  CHECK(split.train.sample_shape() == Shape{1, 40, 1});
  CHECK(mean(split.train.batch(0, 160).inputs).item() == doctest::Approx(0).epsilon(1e-5));

  std::vector<int64_t> counts(10);
  for (const data::Dataset& part : {split.train, split.test})
    for (const int64_t label : part.labels().to_vector<int64_t>())
      ++counts[static_cast<std::size_t>(label)];
  CHECK(counts == std::vector<int64_t>(10, 20));

  const Tensor shuffled = inputs(data::mnist_1d({.samples = 200, .shuffled = true}, again).train);
  CHECK(shuffled.shape() == Shape{160, 1, 40, 1});
  // Neighbours differ more than before.
  const auto roughness = [](const Tensor& x) {
    return mean(abs(slice(x, 2, 1, 40) - slice(x, 2, 0, 39))).item();
  };
  CHECK(roughness(shuffled) > 1.5 * roughness(inputs(split.train)));
}

TEST_CASE("Signals of MNIST-1D are as large as the recipe's") {
  // By NumPy and SciPy 20,000 signals have these means and deviations, all and those of class 0.
  Rng rng(4);
  const data::Dataset train = data::mnist_1d({.samples = 20000}, rng).train;
  std::vector<int64_t> of_zero;
  const auto labels = train.labels().to_vector<int64_t>();
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (labels[i] == 0) of_zero.push_back(static_cast<int64_t>(i));
  const Tensor x = inputs(train), zeros = inputs(train.subset(of_zero));
  CHECK(mean(x).item() == doctest::Approx(-0.0060).scale(0).epsilon(0.2));
  CHECK(gradus::std(x).item() == doctest::Approx(0.1545).scale(0).epsilon(0.01));
  CHECK(mean(zeros).item() == doctest::Approx(0.0647).scale(0).epsilon(0.05));
  CHECK(gradus::std(zeros).item() == doctest::Approx(0.1844).scale(0).epsilon(0.015));
}

TEST_CASE("Logistic regression reaches a third on MNIST-1D, in any order of the positions") {
  // Greydanus and Kobak 2024 report 32 %.
  CHECK(accuracy_of_logistic_regression(false) == doctest::Approx(0.32).scale(0).epsilon(0.12));
  CHECK(accuracy_of_logistic_regression(true) == doctest::Approx(0.32).scale(0).epsilon(0.12));
}

TEST_CASE("Errors of MNIST-1D") {
  Rng rng(1);
  refuses([&] { data::mnist_1d({.samples = 15}, rng); },
          "[mnist_1d] samples must be a positive multiple of 10, got 15");
  refuses([&] { data::mnist_1d({.samples = 0}, rng); },
          "[mnist_1d] samples must be a positive multiple of 10, got 0");
}
