#include "core/autograd.hpp"

#include <doctest/doctest.h>

#include "core/ops/activation.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"

using namespace gradus;

TEST_CASE("a chain of 100,000 operations differentiates and is destroyed") {
  Tensor x = Tensor::scalar(1, DType::f64).set_requires_grad();
  Tensor y = x;
  for (int i = 0; i < 100'000; ++i) y = tanh(y);
  SUBCASE("backward") {
    y.backward();
    CHECK(x.grad().item() > 0);
  }
  SUBCASE("destroyed without backward") {
    y = Tensor();
  }
}

TEST_CASE("derivatives of a polynomial, first, second and third") {
  Tensor x = Tensor::scalar(2, DType::f64).set_requires_grad();
  const Tensor y = x * x * x * x;
  const Tensor first = grad({y}, {x}, {.create_graph = true})[0];
  const Tensor second = grad({first}, {x}, {.create_graph = true})[0];
  const Tensor third = grad({second}, {x})[0];
  CHECK(first.item() == 32);
  CHECK(second.item() == 48);
  CHECK(third.item() == 48);
}
