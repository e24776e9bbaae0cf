// elementwise_loss_test: losses of each element with PyTorch's values, at their edges, and what
// they refuse.
#include "core/ops/loss/elementwise_loss.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/autograd.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "tests/same_bits.hpp"

using namespace gradus;
using doctest::Approx;

namespace {

Tensor binary_logits() {
  return Tensor::from(std::vector<double>{2, -1, 0.5, 1, 0, 3, -2, 1}, {2, 4});
}
Tensor binary_targets() {
  return Tensor::from(std::vector<double>{1, 0, 0.25, 1, 0, 1, 0.5, 0}, {2, 4});
}
Tensor event_counts() {
  return Tensor::from(std::vector<double>{1, 0, 4, 2, 0, 3, 7, 1}, {2, 4});
}
Tensor variances() {
  return Tensor::from(std::vector<double>{0.5, 1e-9, 2, 1, 3, 0.1, 1, 0.7}, {2, 4});
}
Tensor class_weights() {
  return Tensor::from({0.5, 1.0, 2.0, 3.0});
}

// The values and the gradients of the sum, by the input and by the target.
struct Slopes {
  std::vector<double> losses, by_input, by_target;
};

template <class Loss>
Slopes with_slopes(const Tensor& input, const Tensor& target, const Loss& loss) {
  const Tensor x = input.clone().set_requires_grad(), t = target.clone().set_requires_grad();
  const Tensor losses = loss(x, t);
  const Tensors slopes = grad({sum(losses)}, {x, t});
  return {losses.to_vector<double>(), slopes[0].to_vector<double>(), slopes[1].to_vector<double>()};
}

}  // namespace

// From PyTorch's binary_cross_entropy_with_logits.
TEST_CASE("weighted binary cross-entropy with logits has PyTorch's values") {
  const Tensor rows = Tensor::from<double>({2, 0.5}, {2, 1});
  const auto loss = [](const BinaryCrossEntropyOptions& options) {
    return binary_cross_entropy_with_logits(binary_logits(), binary_targets(), options).item();
  };
  CHECK(loss({.weight = rows, .pos_weight = class_weights()}) == Approx(0.8363635112184008));
  CHECK(loss({.pos_weight = class_weights(), .reduction = Reduction::sum}) ==
        Approx(6.52949522203588));
  CHECK(loss({.weight = Tensor::from({2.0})}) ==
        Approx(2 * binary_cross_entropy_with_logits(binary_logits(), binary_targets()).item()));
}

TEST_CASE("binary cross-entropy with options but no weights has the bits of the one without") {
  const Tensor x = cast(binary_logits(), DType::f32), t = cast(binary_targets(), DType::f32);
  for (const Reduction reduction : {Reduction::mean, Reduction::sum, Reduction::none})
    CHECK(testing::same_bits(
        binary_cross_entropy_with_logits(x, t, BinaryCrossEntropyOptions{.reduction = reduction}),
        binary_cross_entropy_with_logits(x, t, reduction)));
}

TEST_CASE("weighted binary cross-entropy is finite for any logit, and infinite only at infinity") {
  const Tensor x = Tensor::from<double>({1000, -1000, 1000, -1000, INFINITY, -INFINITY, -INFINITY});
  const Tensor t = Tensor::from({1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0});
  const auto [losses, slopes, by_target] = with_slopes(x, t, [](const Tensor& a, const Tensor& b) {
    return binary_cross_entropy_with_logits(
        a, b, {.pos_weight = Tensor::from({3.0}), .reduction = Reduction::none});
  });
  CHECK(losses == std::vector<double>{0, 3000, 1000, 0, 0, 0, INFINITY});
  CHECK(slopes == std::vector<double>{0, -3, 1, 0, 0, 0, -3});
  CHECK(by_target[0] == -1000);
  CHECK(by_target[1] == 3000);
  // A weight of 0 leaves out an infinite loss.
  CHECK(
      binary_cross_entropy_with_logits(x, t,
                                       {.weight = Tensor::from({1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0}),
                                        .reduction = Reduction::sum})
          .item() == 2000);
}

TEST_CASE("the pinball loss counts errors below and above by the quantile") {
  const Tensor x = Tensor::from<double>({1, 3, 2, -INFINITY}),
               t = Tensor::from({3.0, 1.0, 2.0, 0.0});
  const auto [losses, slopes, by_target] = with_slopes(x, t, [](const Tensor& a, const Tensor& b) {
    return pinball_loss(a, b, 0.75, Reduction::none);
  });
  CHECK(losses == std::vector<double>{1.5, 0.5, 0, INFINITY});
  CHECK(slopes == std::vector<double>{-0.75, 0.25, -0.25, -0.75});
  CHECK(by_target == std::vector<double>{0.75, -0.25, 0.25, 0.75});
  CHECK(pinball_loss(x, t, 0.75, Reduction::sum).item() == INFINITY);
  const Tensor one = Tensor::from({5.0});
  CHECK(pinball_loss(one, Tensor::from({1.0}), 0.5).item() ==
        l1_loss(one, Tensor::from({1.0})).item() / 2);
}

TEST_CASE("the pinball loss of a constant is smallest at the quantile") {
  std::vector<double> values(101);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i * i);
  const Tensor t = Tensor::from(values, {101});
  const auto loss = [&](double x) {
    return pinball_loss(Tensor::full({101}, x, DType::f64), t, 0.9).item();
  };
  CHECK(loss(90 * 90) < loss(89 * 89));
  CHECK(loss(90 * 90) < loss(91 * 91));
}

// From PyTorch's gaussian_nll_loss.
TEST_CASE("the Gaussian loss has PyTorch's values for every shape of the variance") {
  const auto loss = [](const Tensor& variance, const GaussianNllOptions& options = {}) {
    return gaussian_nll_loss(binary_logits(), binary_targets(), variance, options).item();
  };
  CHECK(loss(variances()) == Approx(62502.14585394515));
  CHECK(loss(variances(), {.full = true, .eps = 0.3, .reduction = Reduction::sum}) ==
        Approx(19.706748181295183));
  CHECK(loss(Tensor::from({0.5, 2.0})) == Approx(0.609375));
  CHECK(loss(Tensor::from<double>({0.5, 2}, {2, 1})) == Approx(0.609375));
}

// From PyTorch's gaussian_nll_loss.
TEST_CASE("the gradient by a variance below eps is that by eps") {
  Tensor v = variances().set_requires_grad();
  gaussian_nll_loss(binary_logits(), binary_targets(), v,
                    {.eps = 0.25, .reduction = Reduction::sum})
      .backward();
  const std::vector<double> wanted{-1,      -6,  0.2421875, 0.5,
                                   1. / 6., -30, -2.625,    -0.30612244897959184};
  for (std::size_t i = 0; i < wanted.size(); ++i)
    CHECK(v.grad().data<double>()[i] == Approx(wanted[i]));
}

TEST_CASE("the Gaussian loss takes one number, a variance of 0 and infinities") {
  const Tensor x = Tensor::scalar(1, DType::f64), zero = Tensor::scalar(0, DType::f64);
  CHECK(gaussian_nll_loss(x, x, zero, {.eps = 1}).item() == 0);
  CHECK(gaussian_nll_loss(x, zero, zero, {.eps = 0.5}).item() == Approx(1 - std::log(2) / 2));
  const Tensor infinite = Tensor::scalar(INFINITY, DType::f64);
  CHECK(gaussian_nll_loss(x, zero, infinite).item() == INFINITY);
  CHECK(gaussian_nll_loss(infinite, zero, x).item() == INFINITY);
  CHECK(gaussian_nll_loss(Tensor::zeros({0}), Tensor::zeros({0}), Tensor::zeros({0}),
                          {.reduction = Reduction::sum})
            .item() == 0);
}

// From PyTorch's poisson_nll_loss.
TEST_CASE("the Poisson loss has PyTorch's values") {
  const auto loss = [](const Tensor& input, const PoissonNllOptions& options) {
    return poisson_nll_loss(input, event_counts(), options).item();
  };
  CHECK(loss(binary_logits(), {}) == Approx(4.257886584268074));
  CHECK(loss(binary_logits(), {.full = true, .reduction = Reduction::sum}) ==
        Approx(48.14950851165589));
  const Tensor rates = exp(binary_logits());
  CHECK(loss(rates, {.log_input = false, .full = true, .reduction = Reduction::sum}) ==
        Approx(48.149507956277404));
  CHECK(loss(rates, {.log_input = false, .eps = 0.5}) == Approx(2.691629045628489));
}

TEST_CASE("the Poisson loss has its limits where a rate is 0 or infinite") {
  const auto losses = [](double x, double t, bool log_input) {
    return with_slopes(Tensor::from({x}), Tensor::from({t}), [=](const Tensor& a, const Tensor& b) {
      return poisson_nll_loss(a, b, {.log_input = log_input});
    });
  };
  const auto check = [&](double x, double t, bool log_input, double loss, double by_input,
                         double by_target) {
    const Slopes slopes = losses(x, t, log_input);
    CHECK(slopes.losses[0] == loss);
    CHECK(slopes.by_input[0] == by_input);
    CHECK(slopes.by_target[0] == by_target);
  };
  check(-INFINITY, 0, true, 0, 0, INFINITY);
  check(-INFINITY, 2, true, INFINITY, -2, INFINITY);
  check(INFINITY, 2, true, INFINITY, INFINITY, -INFINITY);
  check(INFINITY, 2, false, INFINITY, 1, -INFINITY);
  CHECK(losses(0, 0, false).losses == std::vector<double>{0});
  CHECK(losses(0, 1, false).losses[0] == Approx(-std::log(1e-8)));
  CHECK(std::isnan(losses(-1, 1, false).losses[0]));
}

TEST_CASE("Stirling's part is for targets above 1 only") {
  const auto added = [](double t) {
    const Tensor x = Tensor::from({0.0}), target = Tensor::from({t}).set_requires_grad();
    const Tensor loss = poisson_nll_loss(x, target, {.full = true}) - poisson_nll_loss(x, target);
    return std::pair(loss.item(), grad({loss}, {target})[0].item());
  };
  CHECK(added(0) == std::pair(0.0, 0.0));
  CHECK(added(1) == std::pair(0.0, 0.0));
  CHECK(added(20).first == Approx(std::lgamma(21.0)).epsilon(1e-4));
  CHECK(added(20).second == Approx(std::log(20.0) + 1.0 / 40));
  CHECK(poisson_nll_loss(Tensor::from({-1.0}), Tensor::from<double>({INFINITY}), {.full = true})
            .item() == INFINITY);
}

TEST_CASE("losses of each element refuse wrong inputs and options") {
  const Tensor x = Tensor::zeros({6, 3}), row = Tensor::zeros({4});
  const auto check = [](auto body, const char* text) {
    CHECK_THROWS_WITH_AS(body(), text, std::invalid_argument);
  };
  check([&] { pinball_loss(x, x, 1.5); },
        "[pinball_loss] quantile must be above 0 and below 1, got 1.5");
  check([&] { pinball_loss(x, x, 0); },
        "[pinball_loss] quantile must be above 0 and below 1, got 0");
  check([&] { pinball_loss(x, row, 0.5); },
        "[pinball_loss] input and target must have the same shape, got (6, 3) and (4)");
  check([&] { gaussian_nll_loss(x, row, x); },
        "[gaussian_nll_loss] input and target must have the same shape, got (6, 3) and (4)");
  check([&] { gaussian_nll_loss(x, x, row); },
        "[gaussian_nll_loss] variance must be (6, 3), (6, 1) or (6), got (4)");
  check([&] { gaussian_nll_loss(sum(x), sum(x), row); },
        "[gaussian_nll_loss] variance must be (), got (4)");
  check([&] { gaussian_nll_loss(x, x, x - 1); },
        "[gaussian_nll_loss] variances must be 0 or more, got -1");
  check([&] { gaussian_nll_loss(x, x, cast(x, DType::f64)); },
        "[gaussian_nll_loss] variance must have the input's type f32, got f64");
  check([&] { gaussian_nll_loss(x, x, x, {.eps = 0}); },
        "[gaussian_nll_loss] eps must be positive, got 0");
  check([&] { poisson_nll_loss(x, x, {.eps = -1}); },
        "[poisson_nll_loss] eps must be positive, got -1");
  check([&] { poisson_nll_loss(x, row); },
        "[poisson_nll_loss] input and target must have the same shape, got (6, 3) and (4)");
  check([&] { binary_cross_entropy_with_logits(x, x, {.pos_weight = row}); },
        "[binary_cross_entropy_with_logits] pos_weight must broadcast to the input's shape "
        "(6, 3), got (4)");
  check(
      [&] {
        binary_cross_entropy_with_logits(x, x, {.weight = Tensor::ones({1, 6, 3})});
      },
      "[binary_cross_entropy_with_logits] weight must broadcast to the input's shape (6, 3), "
      "got (1, 6, 3)");
  check([&] { binary_cross_entropy_with_logits(x, x, {.weight = Tensor::ones({3}, DType::f64)}); },
        "[binary_cross_entropy_with_logits] weight must have the input's type f32, got f64");
  check([&] { pinball_loss(Tensor::zeros({0}), Tensor::zeros({0}), 0.5); },
        "[pinball_loss] the mean needs at least one loss, got (0)");
}

// From PyTorch's kl_div.
TEST_CASE("kl_div has PyTorch's values, with probabilities and with their logarithms") {
  const Tensor q = Tensor::from<double>({0.1, 0.6, 0.3, 0.3, 0.3, 0.4}, {2, 3});
  const Tensor p = Tensor::from<double>({0.2, 0.8, 0, 0.5, 0.25, 0.25}, {2, 3});
  for (const bool is_log : {false, true}) {
    const auto loss = [&](Reduction reduction) {
      return kl_div(log(q), is_log ? log(p) : p, {.reduction = reduction, .log_target = is_log});
    };
    const std::vector<double> losses = loss(Reduction::none).to_vector<double>();
    const std::vector<double> wanted{
        0.13862943611198902, 0.23014565796142483,  0,
        0.2554128118829954,  -0.04558038919848861, -0.1175009073114339};
    for (std::size_t i = 0; i < 6; ++i) CHECK(losses[i] == Approx(wanted[i]));
    CHECK(loss(Reduction::mean).item() == Approx(0.07685110157441445));
    CHECK(loss(Reduction::sum).item() == Approx(0.46110660944648674));
    CHECK(loss(Reduction::batchmean).item() == Approx(0.23055330472324337));
  }
}

TEST_CASE("kl_div and its derivatives are 0 where the target is, and infinite where it must be") {
  const Tensor logarithms = Tensor::from<double>({-1, -INFINITY, -INFINITY, NAN});
  const Tensor targets = Tensor::from({0.0, 0.0, 0.5, 0.0});
  for (const bool is_log : {false, true}) {
    const auto [losses, by_input, by_target] = with_slopes(
        logarithms, is_log ? log(targets) : targets, [=](const Tensor& x, const Tensor& t) {
          return kl_div(x, t, {.reduction = Reduction::none, .log_target = is_log});
        });
    CHECK(losses == std::vector<double>{0, 0, INFINITY, 0});
    CHECK(by_input == std::vector<double>{0, 0, -0.5, 0});
    CHECK(by_target == std::vector<double>{0, 0, INFINITY, 0});
  }
}

TEST_CASE("the mean over the batch is the sum divided by the number of samples") {
  const Tensor x = Tensor::from<double>({1, 2, 3, 5, 8, 13}, {3, 2}), zero = x - x;
  CHECK(l1_loss(x, zero, Reduction::batchmean).item() == Approx(32.0 / 3));
  const auto check = [](auto body, const char* text) {
    CHECK_THROWS_WITH_AS(body(), text, std::invalid_argument);
  };
  check([&] { l1_loss(sum(x), sum(x), Reduction::batchmean); },
        "[l1_loss] the mean over the batch needs at least one sample, got ()");
  const Tensor none = Tensor::zeros({0, 2});
  check([&] { kl_div(none, none, {.reduction = Reduction::batchmean}); },
        "[kl_div] the mean over the batch needs at least one sample, got (0, 2)");
  check([&] { kl_div(none, x); },
        "[kl_div] input and target must have the same shape, got (0, 2) and (3, 2)");
}
