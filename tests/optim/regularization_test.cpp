#include "optim/regularization.hpp"

#include <doctest/doctest.h>

#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/random.hpp"
#include "optim/algorithms/sgd.hpp"

using namespace gradus;
using namespace gradus::optim;

static Tensor weights(std::vector<double> values) {
  return Tensor::from(values, {1, static_cast<int64_t>(values.size())}).set_requires_grad();
}

TEST_CASE("penalties apply to the parameters that match a pattern") {
  const NamedTensors parameters{{"0.weight", Tensor::zeros({2, 3})},
                                {"0.bias", Tensor::zeros({2})},
                                {"1.weight", Tensor::zeros({2})},
                                {"2.weight", Tensor::zeros({4, 2, 3, 3})}};
  const auto names = [&](const std::vector<std::string>& patterns) {
    std::vector<std::string> result;
    for (const auto& [name, tensor] : penalized(parameters, patterns)) result.push_back(name);
    return result;
  };
  CHECK(names({}).empty());
  CHECK(names({"0.*", "?.bias"}) == std::vector<std::string>{"0.weight", "0.bias"});
  CHECK_THROWS_WITH(names({"*.weight", "3.*"}),
                    "[penalized] no parameter matches '3.*', there are 0.bias, 0.weight, 1.weight, "
                    "2.weight");
}

TEST_CASE("the added gradient is the derivative of the penalty") {
  const PenaltyOptions options{.l1 = 0.3, .l2 = 0.2};
  Rng rng(3);
  const Tensor random = randn({3, 4}, rng, DType::f64);
  Tensor a = random.clone().set_requires_grad(), b = random.clone().set_requires_grad();
  const Tensor loss = elastic_net_penalty(a, options) + sum(exp(a));
  loss.backward();
  sum(exp(b)).backward();
  const double penalty = add_penalty({{"b", b}}, options);
  CHECK(penalty == doctest::Approx(elastic_net_penalty(random, options).item()).epsilon(1e-14));
  const auto want = a.grad().to_vector<double>(), got = b.grad().to_vector<double>();
  for (std::size_t i = 0; i < want.size(); ++i)
    CHECK(got[i] == doctest::Approx(want[i]).epsilon(1e-14));
  CHECK(elastic_net_penalty(weights({1, -2, 0}), {.l1 = 10, .l2 = 0.5}).item() == 32.5);
}

TEST_CASE("a parameter without a gradient counts in the penalty and gets none") {
  const Tensor w = weights({3, -4});
  CHECK(add_penalty({{"w", w}}, {.l1 = 1, .l2 = 2}) == 57);
  CHECK(!w.grad().defined());
}

TEST_CASE("a proximal step shrinks weights, and makes the small ones exactly 0") {
  const Tensor w = weights({3, -3, 0.5, -0.5, 0.25, -1e-9, 0});
  proximal_step({{"w", w}}, 0.5, {.l1 = 1, .l2 = 1});
  CHECK(w.to_vector<double>() == std::vector<double>{1.25, -1.25, 0, 0, 0, 0, 0});
  proximal_step({{"w", w}}, 0.5, {});
  CHECK(w.to_vector<double>()[0] == 1.25);
}

TEST_CASE("the lasso by proximal steps finds its closed solution, zeros exactly") {
  // For ½‖w − c‖² + λ‖w‖₁ it is c moved towards 0 by λ.
  const Tensor c = Tensor::from(std::vector<double>{2, -1, 0.25, -0.25}, {1, 4});
  const PenaltyOptions penalty{.l1 = 0.5};
  const auto train = [&](bool proximal) {
    const Tensor w = weights({1, 1, 1, 1});
    SGD optimizer({{"w", w}}, {.lr = 0.3});
    for (int step = 0; step < 200; ++step) {
      optimizer.zero_grad();
      (sum(square(w - c)) * 0.5).backward();
      if (!proximal) add_penalty({{"w", w}}, penalty);
      optimizer.step();
      if (proximal) proximal_step({{"w", w}}, optimizer.lr(), penalty);
    }
    return w.to_vector<double>();
  };
  const std::vector<double> exact = train(true), swinging = train(false);
  CHECK(exact[0] == doctest::Approx(1.5).epsilon(1e-12));
  CHECK(exact[1] == doctest::Approx(-0.5).epsilon(1e-12));
  for (const std::size_t i : {2, 3}) {
    CHECK(exact[i] == 0);
    CHECK(swinging[i] != 0);
  }
}

TEST_CASE("penalties out of their range are refused") {
  CHECK_THROWS_WITH(elastic_net_penalty(weights({1}), {.l1 = -1}),
                    "[elastic_net_penalty] l1 must be 0 or more and finite, got -1");
  CHECK_THROWS_WITH(add_penalty({}, {.l2 = -0.5}),
                    "[add_penalty] l2 must be 0 or more and finite, got -0.5");
  CHECK_THROWS_WITH(proximal_step({}, -1, {}),
                    "[proximal_step] lr must be 0 or more and finite, got -1");
}

TEST_CASE("A proximal step with an optimizer uses each group's rate and skips frozen parameters") {
  Tensor a = Tensor::full({2}, 1, DType::f64).set_requires_grad(),
         b = Tensor::full({2}, 1, DType::f64).set_requires_grad(),
         c = Tensor::full({2}, 1, DType::f64).set_requires_grad();
  const NamedTensors parameters{{"a", a}, {"b", b}, {"c", c}};
  SGD optimizer(parameters, {.lr = 0.5});
  optimizer.add_group({.pattern = "b", .lr = 0.25});
  c.set_requires_grad(false);
  sum(a + b).backward();
  optimizer.step();
  proximal_step(parameters, optimizer, {.l1 = 0.1});
  CHECK(a.data<double>()[0] == doctest::Approx(1 - 0.5 - 0.05));
  CHECK(b.data<double>()[0] == doctest::Approx(1 - 0.25 - 0.025));
  CHECK(c.data<double>()[0] == 1);
  CHECK(optimizer.lr("b") == 0.25);
  CHECK_THROWS_WITH(optimizer.lr("d"), "[sgd] doesn't train a parameter 'd'");
}
