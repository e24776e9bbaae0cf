#include "optim/early_stopping.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>

using namespace gradus;
using namespace gradus::optim;

TEST_CASE("training stops after as many reports without improvement as patience allows") {
  EarlyStopping stopping({.patience = 2, .min_delta = 0.5});
  CHECK(stopping.report(10));
  CHECK(!stopping.report(9.5));
  CHECK(stopping.report(9.25));
  CHECK(!stopping.report(9));
  CHECK(!stopping.should_stop());
  CHECK(!stopping.report(NAN));
  CHECK(stopping.should_stop());
  CHECK(stopping.best() == 9.25);
  CHECK(stopping.report(1));
  CHECK(!stopping.should_stop());
}

TEST_CASE("with maximize larger metrics are better") {
  EarlyStopping stopping({.patience = 1, .maximize = true});
  CHECK(stopping.best() == -INFINITY);
  CHECK(stopping.report(-5));
  CHECK(stopping.report(0.5));
  CHECK(!stopping.report(0.5));
  CHECK(stopping.should_stop());
}

TEST_CASE("the best weights are restored at every exit of the scope") {
  Tensor weight = Tensor::from({1.f, 2.f}).set_requires_grad();
  Tensor count = Tensor::from({int64_t{3}});
  const auto change = [&](float value) {
    weight.detach().mutable_data<float>()[0] = value;
    count.fill(value);
  };
  try {
    BestWeights best({{"weight", weight}, {"count", count}});
    change(5);
    best.keep();
    change(6);
    throw std::runtime_error("diverged");
  } catch (const std::runtime_error&) {
  }
  CHECK(weight.to_vector<float>() == std::vector<float>{5, 2});
  CHECK(count.to_vector<int64_t>() == std::vector<int64_t>{5});
  {
    BestWeights best({{"weight", weight}});
    change(7);
  }
  CHECK(weight.to_vector<float>() == std::vector<float>{5, 2});
}

TEST_CASE("options of early stopping out of their range are refused") {
  CHECK_THROWS_WITH(EarlyStopping({.patience = 0}),
                    "[early_stopping] patience must be a whole number from 1 to 10^9, got 0");
  CHECK_THROWS_WITH(EarlyStopping({.min_delta = -1}),
                    "[early_stopping] min_delta must be 0 or more and finite, got -1");
}
