#include "core/ops/normalization.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/autograd.hpp"
#include "core/gradcheck.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/random.hpp"

using namespace gradus;

namespace {

void check_derivatives(const Function& function, const Tensors& inputs) {
  auto result = gradcheck(function, inputs);
  CHECK_MESSAGE(result.passed, result.message);
  result = gradgradcheck(function, inputs);
  CHECK_MESSAGE(result.passed, result.message);
}

}  // namespace

TEST_CASE("batch norm and layer norm have first and second derivatives") {
  Rng rng(1);
  const auto leaf = [&](const Shape& shape) {
    return randn(shape, rng, DType::f64).set_requires_grad();
  };
  for (const Shape& shape : {Shape{6, 3}, Shape{5, 70}, Shape{3, 4, 5}, Shape{2, 3, 4, 5}}) {
    const Tensors inputs{leaf(shape), leaf({shape[1]}), leaf({shape[1]})};
    check_derivatives([](const Tensors& t) { return batch_norm(t[0], t[1], t[2], {}, {}); },
                      inputs);
    const Tensor mean = randn({shape[1]}, rng, DType::f64),
                 var = exp(randn({shape[1]}, rng, DType::f64));
    check_derivatives(
        [&](const Tensors& t) {
          return batch_norm(t[0], t[1], t[2], mean, var, {.training = false});
        },
        inputs);
    const Tensors rows{leaf(shape), leaf({shape[-1]}), leaf({shape[-1]})};
    check_derivatives([&](const Tensors& t) { return layer_norm(t[0], {shape[-1]}, t[1], t[2]); },
                      rows);
  }
}

TEST_CASE("a mean of 10,000 with deviation 1 comes out right in f32") {
  Rng rng(2);
  const Tensor x = randn({64, 3, 10, 10}, rng) + 1e4;
  const Tensor y = batch_norm(x, {}, {}, {}, {});
  for (int64_t channel = 0; channel < 3; ++channel) {
    double sum = 0, squares = 0;
    for (int64_t n = 0; n < 64; ++n)
      for (int64_t i = 0; i < 100; ++i) {
        const double v = y.data<float>()[(n * 3 + channel) * 100 + i];
        sum += v;
        squares += v * v;
      }
    CHECK(std::abs(sum / 6400) < 1e-3);
    CHECK(std::abs(squares / 6400 - 1) < 1e-3);
  }
}

TEST_CASE("normalizations say what doesn't fit") {
  const Tensor x = Tensor::zeros({1, 3});
  CHECK_THROWS_WITH_AS(
      batch_norm(x, {}, {}, {}, {}),
      "[batch_norm] needs more than one value per channel while training: input (1, 3)",
      std::invalid_argument);
  CHECK_THROWS_WITH_AS(batch_norm(x, Tensor::ones({4}), {}, {}, {}),
                       "[batch_norm] weight (4) isn't (3): input (1, 3)", std::invalid_argument);
  CHECK_THROWS_WITH_AS(layer_norm(x, {4}),
                       "[layer_norm] normalized_shape (4) isn't the end of input (1, 3)",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(layer_norm(x, {3}, {}, {}, 0), "[layer_norm] eps is positive, got 0",
                       std::invalid_argument);
}
