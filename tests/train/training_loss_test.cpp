#include "train/training_loss.hpp"

#include <doctest/doctest.h>

#include "core/autograd.hpp"
#include "core/ops/elementwise.hpp"
#include "train/task.hpp"

using namespace gradus;
using data::TargetKind;
using doctest::Approx;

namespace {

Tensor row(std::vector<double> values) {
  const int64_t n = std::ssize(values);
  return Tensor::from(std::move(values), {1, n});
}

double value(TargetKind kind, const char* text, const Tensor& outputs, const Tensor& targets) {
  return train::make_loss(kind, text)(outputs, targets).item();
}

}  // namespace

TEST_CASE("every named loss of classes falls when the label's logit rises") {
  for (const std::string& name : train::losses(TargetKind::classes).names()) {
    CAPTURE(name);
    const Tensor x = Tensor::zeros({2, 3}, DType::f64).set_requires_grad();
    train::make_loss(TargetKind::classes, name)(x, Tensor::from<int64_t>({2, 0})).backward();
    CHECK(x.grad().data<double>()[2] < 0);
    CHECK(x.grad().data<double>()[3] < 0);
  }
}

TEST_CASE("losses of numbers are those of their formulas") {
  const Tensor y = row({3, 1}), x = row({1, 2});
  CHECK(value(TargetKind::numbers, "squared", x, y) == 2.5);
  CHECK(value(TargetKind::numbers, "mean-squared-error", x, y) == 2.5);
  CHECK(value(TargetKind::numbers, "absolute", x, y) == 1.5);
  CHECK(value(TargetKind::numbers, "huber", x, y) == 1);
  CHECK(value(TargetKind::numbers, "huber:delta=0.5", x, y) == Approx((0.875 + 0.375) / 2));
  CHECK(value(TargetKind::numbers, "pinball:0.9", x, y) == Approx((0.9 * 2 + 0.1 * 1) / 2));
  CHECK(value(TargetKind::numbers, "poisson", x, y) ==
        Approx((std::exp(1) - 3 * 1 + std::exp(2) - 1 * 2) / 2));
  // Mean 1, variance e².
  CHECK(value(TargetKind::numbers, "gaussian", row({1, 2}), row({3})) ==
        Approx((2 + 4 / std::exp(2)) / 2));
}

TEST_CASE("binary cross-entropy of labels multiplies the part of those that a sample has") {
  const Tensor x = row({0, 0}), y = row({1, 0});
  CHECK(value(TargetKind::labels, "binary", x, y) == Approx(std::log(2)));
  CHECK(value(TargetKind::labels, "binary:pos-weight=3", x, y) == Approx(2 * std::log(2)));
  const train::Loss loss = train::binary_loss(Tensor::from<double>({5, 7}));
  CHECK(loss(x, y).item() == Approx(3 * std::log(2)));
}

TEST_CASE("outputs of gaussian and poisson are read as numbers and deviations") {
  const train::Loss gaussian = train::make_loss(TargetKind::numbers, "gaussian");
  CHECK(gaussian.outputs_per_number == 2);
  CHECK(gaussian.scales_targets);
  const Tensor outputs = row({1, 2, 0, std::log(9)});
  CHECK(gaussian.numbers(outputs).to_vector<double>() == std::vector<double>{1, 2});
  CHECK(gaussian.deviations(outputs).data<double>()[1] == Approx(3));
  const train::Loss poisson = train::make_loss(TargetKind::numbers, "poisson");
  CHECK_FALSE(poisson.scales_targets);
  CHECK(poisson.numbers(row({0})).item() == 1);
  CHECK(poisson.numbers(row({0}).set_requires_grad()).requires_grad() == false);
}

TEST_CASE("weights multiply the losses of their samples") {
  const Tensor x = Tensor::from<double>({0, 0, 0}, {3, 1}).set_requires_grad();
  const Tensor y = Tensor::from<double>({1, 2, 3}, {3, 1});
  const Tensor weights = Tensor::from<float>({1, 0, 2});
  const train::Loss loss = train::make_loss(TargetKind::numbers, "squared");
  const Tensor mean = loss(x, y, weights);
  CHECK(mean.item() == Approx((1 + 2 * 9) / 3.));
  mean.backward();
  CHECK(x.grad().data<double>()[1] == 0);
  CHECK(x.grad().data<double>()[2] == Approx(-2 * 2 * 3 / 3.));
  const train::Loss custom = [](const Tensor& a, const Tensor& b) { return mse_loss(a, b); };
  CHECK(custom(x, y).item() == Approx(14 / 3.));
  CHECK_THROWS_WITH(custom(x, y, weights),
                    "[loss] samples with weights need a loss of each sample, got ()");
}

TEST_CASE("unknown losses and options are errors") {
  const auto check = [](TargetKind kind, const char* text, const char* message) {
    CHECK_THROWS_WITH_AS(train::make_loss(kind, text), message, std::invalid_argument);
  };
  check(TargetKind::classes, "hing", "unknown loss 'hing': did you mean hinge?");
  check(TargetKind::numbers, "huber:delta=0",
        "[huber] delta must be positive and finite, got '0' at character 7");
  check(TargetKind::numbers, "pinball:1",
        "[pinball] quantile must be in (0, 1), got '1' at character 9");
  check(TargetKind::numbers, "squared:2",
        "[squared] '2' is one argument too many at character 9; it takes no arguments");
}
