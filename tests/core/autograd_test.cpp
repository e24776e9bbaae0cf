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

TEST_CASE("Hooks see and replace the complete gradients of leaves and results") {
  Tensor x = Tensor::from({1.0, -2.0}).set_requires_grad();
  std::vector<double> seen;
  const auto look = [&](const Tensor& g) {
    CHECK_FALSE(g.requires_grad());
    seen.push_back(g.data<double>()[0]);
  };
  SUBCASE("of a leaf, once in each pass, after the sum over its uses") {
    x.register_hook(look);
    sum(3 * x + x * x).backward();
    CHECK(seen == std::vector<double>{5});
    sum(x).backward();
    CHECK(seen == std::vector<double>{5, 1});
    CHECK(x.grad().to_vector<double>() == std::vector<double>{6, 0});
  }
  SUBCASE("of a result, before it is passed on") {
    const Tensor y = x * x;
    y.register_hook(look);
    y.register_hook([](const Tensor& g) { return g * 10; });
    y.register_hook(look);
    (sum(y) + sum(2 * y)).backward();
    CHECK(seen == std::vector<double>{3, 30});
    CHECK(x.grad().to_vector<double>() == std::vector<double>{60, -120});
  }
  SUBCASE("of a leaf: what is added to grad()") {
    const Tensor kept = Tensor::from({7.0, 8.0});
    sum(x).backward();
    x.register_hook([&](const Tensor&) { return kept; });
    x.register_hook([](const Tensor&) { return Tensor(); });
    sum(x * x).backward();
    CHECK(x.grad().to_vector<double>() == std::vector<double>{8, 9});
    x.set_grad(Tensor());
    sum(x * x).backward();
    sum(x * x).backward();
    CHECK(x.grad().to_vector<double>() == std::vector<double>{14, 16});
    CHECK(kept.to_vector<double>() == std::vector<double>{7, 8});
  }
  SUBCASE("of an output and of what grad() is asked for") {
    const Tensor y = x * x, z = sum(y);
    z.register_hook([](const Tensor& g) { return g * 2; });
    y.register_hook([](const Tensor& g) { return g * 3; });
    x.register_hook([](const Tensor& g) { return g * 5; });
    const Tensors found = grad({z}, {x, y}, {.retain_graph = true});
    CHECK(found[0].to_vector<double>() == std::vector<double>{60, -120});
    CHECK(found[1].to_vector<double>() == std::vector<double>{6, 6});
    CHECK(grad({z}, {y}, {.retain_graph = true})[0].to_vector<double>() ==
          std::vector<double>{6, 6});
    CHECK_FALSE(x.grad().defined());
    z.backward();
    CHECK(x.grad().to_vector<double>() == std::vector<double>{60, -120});
  }
  SUBCASE("but not of what grad() isn't asked for") {
    const Tensor other = Tensor::from({1.0, 1.0}).set_requires_grad(), y = x * other;
    other.register_hook(look);
    grad({sum(y)}, {x});
    CHECK(seen.empty());
  }
  SUBCASE("not of empty tensors without a gradient") {
    const Tensor empty = Tensor::zeros({0}, DType::f64).set_requires_grad();
    int calls = 0;
    empty.register_hook([&](const Tensor& g) { calls += g.shape() == Shape{0}; });
    sum(empty).backward();
    CHECK(calls == 1);
  }
}

TEST_CASE("Hooks can be differentiated where gradients are") {
  const Tensor x = Tensor::scalar(3, DType::f64).set_requires_grad(), y = x * x;
  y.register_hook([](const Tensor& g) { return g * g * 5; });
  const Tensor first = grad({2 * y}, {x}, {.create_graph = true})[0];
  CHECK(first.item() == 2 * 2 * 5 * 2 * 3);  // 5g²·2x with g = 2
  const Tensor scale = Tensor::scalar(4, DType::f64).set_requires_grad();
  x.register_hook([&](const Tensor& g) { return g * scale; });
  const Tensor scaled = grad({x * x}, {x}, {.create_graph = true})[0];
  CHECK(scaled.item() == 24);
  CHECK(grad({scaled}, {scale})[0].item() == 6);
}

TEST_CASE("A handle removes its hook, also while hooks are called and after the tensor's end") {
  Tensor x = Tensor::scalar(3, DType::f64).set_requires_grad();
  std::string calls;
  RemovableHandle first = x.register_hook([&](const Tensor&) { calls += '1'; });
  RemovableHandle second;
  second = x.register_hook([&](const Tensor&) {
    calls += '2';
    second.remove();
  });
  x.register_hook([&](const Tensor&) { calls += '3'; });
  const auto pass = [&] { (x * x).backward(); };
  pass();
  CHECK(calls == "123");
  pass();
  CHECK(calls == "12313");
  first.remove();
  first.remove();
  pass();
  CHECK(calls == "123133");
  Tensor y = x * x;
  RemovableHandle late = y.register_hook([&](const Tensor&) { calls += '4'; });
  CHECK_FALSE(y.detach().requires_grad());
  y = Tensor();
  late.remove();
  RemovableHandle().remove();
  CHECK(calls == "123133");
}

TEST_CASE("A graph that is freed frees its hooks") {
  const auto kept = std::make_shared<int>(0);
  const Tensor x = Tensor::scalar(3, DType::f64).set_requires_grad(), y = x * x;
  y.register_hook([kept](const Tensor&) {});
  CHECK(kept.use_count() == 2);
  y.backward(Tensor(), true);
  CHECK(kept.use_count() == 2);
  y.backward();
  CHECK(kept.use_count() == 1);
}

TEST_CASE("Hooks of tensors without gradients, and gradients of another kind, are refused") {
  const Tensor x = Tensor::from({1.0, 2.0}).set_requires_grad();
  CHECK_THROWS_WITH_AS(Tensor::zeros({2}).register_hook([](const Tensor&) {}),
                       "[hook] the tensor (2) doesn't require a gradient", std::logic_error);
  RemovableHandle handle = x.register_hook([](const Tensor& g) { return sum(g); });
  CHECK_THROWS_WITH_AS(sum(x).backward(),
                       "[hook] a returned gradient must have the tensor's shape and type: gradient "
                       "() f64, tensor (2) f64",
                       std::invalid_argument);
  handle.remove();
  const Tensor y = x * x;
  y.register_hook([](const Tensor& g) { return cast(g, DType::f32); });
  CHECK_THROWS_WITH_AS(sum(y).backward(),
                       "[hook] a returned gradient must have the tensor's shape and type: gradient "
                       "(2) f32, tensor (2) f64",
                       std::invalid_argument);
}
