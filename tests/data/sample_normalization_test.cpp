// Normalization: its gradient.
#include "data/sample_normalization.hpp"

#include <doctest/doctest.h>

#include "core/gradcheck.hpp"
#include "core/random.hpp"

using namespace gradus;
using data::Normalization;

TEST_CASE("The gradient of a normalization reaches the samples") {
  Rng rng(1);
  const Normalization all{{0.5}, {0.25}}, each{{1, 2, 3, 4}, {0.5, 1, 2, 4}},
      turned{{1, 2, 3, 4}, {0.5, 1, 2, 4}, randn({4, 3}, rng)};
  for (const Normalization& normalization : {all, each, turned}) {
    Tensor x = randn({3, 2, 2}, rng, DType::f64);
    x.set_requires_grad();
    const Function function = [&](const Tensors& inputs) { return normalization(inputs[0]); };
    CHECK(gradcheck(function, {x}).message == "");
    CHECK(gradgradcheck(function, {x}).message == "");
  }
  CHECK_FALSE(all(Tensor::ones({1, 4})).requires_grad());
}
