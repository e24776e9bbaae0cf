#include "core/autograd.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/gradcheck.hpp"
#include "core/ops/activation.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"

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

TEST_CASE("a gradient must have the tensor's shape and type") {
  Tensor x = Tensor::from({1.f, 2.f});
  CHECK_THROWS_WITH_AS(
      x.set_grad(Tensor::from({1.0, 2.0})),
      "[set_grad] gradient must have the tensor's shape and type: gradient (2) f64, tensor (2) f32",
      std::invalid_argument);
  CHECK_THROWS_WITH(x.set_grad(Tensor::from({1.f})),
                    "[set_grad] gradient must have the tensor's shape and type: gradient (1) f32, "
                    "tensor (2) f32");
}

TEST_CASE("A gradient is overwritten only if it isn't shared") {
  const Tensor x = Tensor::from({1.0, -2.0, 3.0}).set_requires_grad();
  const Tensor upstream = Tensor::from({5.0, 7.0, 11.0});
  SUBCASE("the caller's") {
    relu(x).backward(upstream);
    CHECK(upstream.to_vector<double>() == std::vector<double>{5, 7, 11});
    CHECK(x.grad().to_vector<double>() == std::vector<double>{5, 0, 11});
  }
  SUBCASE("that of both terms of a sum") {
    (relu(x) + relu(-x)).backward(upstream);
    CHECK(x.grad().to_vector<double>() == std::vector<double>{5, -7, 11});
  }
  SUBCASE("one that is asked for on the way") {
    const Tensor middle = 2 * x, y = relu(relu(middle));
    const Tensors found = grad({y, middle}, {middle, x}, {.grad_outputs = {upstream, upstream}});
    CHECK(found[0].to_vector<double>() == std::vector<double>{10, 7, 22});
    CHECK(found[1].to_vector<double>() == std::vector<double>{20, 14, 44});
  }
  SUBCASE("a leaf's, in a later pass") {
    for (int pass = 1; pass <= 2; ++pass) {
      relu(x).backward(upstream);
      CHECK(x.grad().to_vector<double>() == std::vector<double>{5. * pass, 0, 11. * pass});
    }
  }
}

TEST_CASE("Anomaly mode names the operation and layer of the first value that isn't finite") {
  const Tensor x = Tensor::from({0.0, 1.0}).set_requires_grad();
  { const AnomalyMode ended; }
  CHECK(log(x).to_vector<double>() == std::vector<double>{-INFINITY, 0});
  const AnomalyMode anomaly;
  const auto in_layer = [](auto body) {
    const LayerScope layer("first");
    return body();
  };
  CHECK_THROWS_WITH_AS(
      in_layer([&] { return log(x); }),
      "layer first: [log] forward: the result (2) has a NaN or infinity; inputs (2)", AnomalyError);
  const Tensor y = in_layer([&] { return sum(sqrt(x)); });
  CHECK_THROWS_WITH_AS(y.backward(),
                       "layer first: [sqrt] backward: the gradient (2) of input 0 has a NaN or "
                       "infinity; the result is (2)",
                       AnomalyError);
  CHECK(transpose(Tensor::zeros({2, 3}, DType::i64), 0, 1).shape() == Shape{3, 2});
}

TEST_CASE("gradgradcheck finds a gradient that is another one where it is recorded") {
  const auto cube = [](double recorded) {
    return [recorded](const Tensors& t) {
      return record("cube", {t[0]}, t[0] * t[0] * t[0],
                    [x = save(t[0]), recorded](const Tensor& g) {
                      return g * square(x) * (grad_enabled() ? recorded : 3);
                    });
    };
  };
  const Tensors x{Tensor::from({1.0, -2.0}).set_requires_grad()};
  CHECK(gradcheck(cube(2), x).passed);
  CHECK(gradgradcheck(cube(3), x).passed);
  CHECK(gradgradcheck(cube(2), x).message.starts_with("weighted sum of the gradients: recorded "));
}
