#include "core/ops/linear.hpp"

#include <doctest/doctest.h>

#include "core/gradcheck.hpp"
#include "core/parallel.hpp"
#include "core/random.hpp"

using namespace gradus;

namespace {

Tensor random(const Shape& shape, Rng& rng) {
  return randn(shape, rng, DType::f64).set_requires_grad();
}

}  // namespace

TEST_CASE("every combination of transposes has first and second derivatives") {
  Rng rng(1);
  for (const bool a : {false, true})
    for (const bool b : {false, true}) {
      const Tensors inputs{random(a ? Shape{2, 4, 3} : Shape{2, 3, 4}, rng),
                           random(b ? Shape{5, 4} : Shape{4, 5}, rng)};
      const Function product = [&](const Tensors& x) { return matmul(x[0], x[1], {a, b}); };
      const auto first = gradcheck(product, inputs), second = gradgradcheck(product, inputs);
      CHECK_MESSAGE(first.passed, first.message);
      CHECK_MESSAGE(second.passed, second.message);
    }
}

TEST_CASE("products of many rows, divided, and of few, equal the definition") {
  Rng rng(2);
  for (const auto& extents :
       {std::array{130, 300, 700}, {1, 300, 700}, {3, 64, 20}, {2, 7, 5}, {4, 785, 9}}) {
    const auto& [rows, in, out] = extents;
    CAPTURE(extents[0]);
    const Tensor x = randn({rows, in}, rng), weight = randn({out, in}, rng),
                 bias = randn({out}, rng);
    const Tensor y = linear(x, weight, bias);
    double worst = 0;
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < out; ++j) {
        double want = bias.data<float>()[j];
        for (int64_t k = 0; k < in; ++k)
          want += double{x.data<float>()[i * in + k]} * weight.data<float>()[j * in + k];
        worst = std::max(worst, std::abs(want - y.data<float>()[i * out + j]));
      }
    CHECK(worst < 1e-4);
    const Tensor columns = randn({in, out}, rng), product = matmul(x, columns);
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < out; ++j) {
        double want = 0;
        for (int64_t k = 0; k < in; ++k)
          want += double{x.data<float>()[i * in + k]} * columns.data<float>()[k * out + j];
        worst = std::max(worst, std::abs(want - product.data<float>()[i * out + j]));
      }
    CHECK(worst < 1e-4);
  }
}

TEST_CASE("linear and matmul refuse wrong shapes") {
  const Tensor x = Tensor::zeros({8, 3}), weight = Tensor::zeros({5, 4});
  CHECK_THROWS_WITH_AS(linear(x, weight),
                       "[linear] input must be (…, in) and weight (out, in), got (8, 3) and (5, 4)",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(linear(x, Tensor::zeros({5, 3}), Tensor::zeros({4})),
                       "[linear] bias must be (5), got (4)", std::invalid_argument);
  CHECK_THROWS_WITH_AS(
      matmul(x, weight, {.b = true}),
      "[matmul] inner extents must be equal, got 3 and 4: (8, 3) by (5, 4) transposed",
      std::invalid_argument);
}
