// 07_normalization_test: solutions to the exercises of docs/course/07_normalization.md.
#include <doctest/doctest.h>

#include <gradus.hpp>

namespace gd = gradus;
using gd::layers::BatchNorm1d, gd::layers::LayerNorm;

TEST_CASE("Exercise 7.1: the scale of a weight doesn't change a normalized output") {
  gd::Rng rng(1);
  const gd::Tensor x = gd::randn({32, 8}, rng), upstream = gd::randn({32, 4}, rng);
  const gd::Tensor w = gd::randn({4, 8}, rng).set_requires_grad();
  const gd::Tensor large = (w.detach() * 100.0).set_requires_grad();
  const auto run = [&](const gd::Tensor& weight) {
    const gd::Tensor y = BatchNorm1d(4)(gd::linear(x, weight));
    return std::pair(y.detach(), gd::grad({y}, {weight}, {.grad_outputs = {upstream}})[0]);
  };
  const auto [y, gradient] = run(w);
  const auto [same, smaller] = run(large);
  CHECK(gd::amax(gd::abs(same - y)).item() < 1e-4);
  CHECK(gd::amax(gd::abs(100.0 * smaller - gradient)).item() < 1e-3);
  // The step is 1/100 for weights that are 100 times as large: their relative change is 1/10⁴.
}

TEST_CASE("Exercise 7.2: the running mean after n batches") {
  BatchNorm1d norm(1);
  for (int batches = 1; batches <= 22; ++batches) {
    norm(gd::Tensor::full({8, 1}, 5));
    CHECK(norm.running_mean.item() == doctest::Approx(5 * (1 - std::pow(0.9, batches))));
  }
  CHECK(norm.running_mean.item() > 0.9 * 5);
}

TEST_CASE("Exercise 7.3: layer normalization uses the other dimension and no batch") {
  gd::Rng rng(1);
  const gd::Tensor x = 5.0 * gd::randn({32, 4}, rng) + 3.0;
  const gd::Tensor mean = gd::mean(x, {1}, true);
  const gd::Tensor variance = gd::mean(gd::square(x - mean), {1}, true);
  const gd::Tensor y = (x - mean) / gd::sqrt(variance + 1e-5);
  LayerNorm norm({4});
  CHECK(gd::amax(gd::abs(norm(x) - y)).item() < 1e-4);
  const gd::Tensor alone = norm(gd::slice(x, 0, 0, 1));
  CHECK(gd::amax(gd::abs(alone - gd::slice(norm(x), 0, 0, 1))).item() < 1e-6);
}
