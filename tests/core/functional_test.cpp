#include "core/functional.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/gradcheck.hpp"
#include "core/ops/activation.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "core/random.hpp"

using namespace gradus;

namespace {

using Values = std::vector<double>;

Tensor draw(const Shape& shape, uint64_t seed) {
  Rng rng(seed);
  return randn(shape, rng, DType::f64);
}

void check_close(const Tensor& got, const Tensor& want) {
  REQUIRE(got.shape() == want.shape());
  REQUIRE(got.dtype() == want.dtype());
  for (int64_t i = 0; i < got.numel(); ++i)
    CHECK(got.data<double>()[i] == doctest::Approx(want.data<double>()[i]).epsilon(1e-12));
}

// x₀²x₁ and 5x₁ + sin x₀.
Tensor curve(const Tensor& x) {
  const Tensor a = x[0], b = x[1];
  return stack({a * a * b, 5 * b + sin(a)});
}

Tensor sum_of_cubes(const Tensor& x) {
  return sum(x * x * x);
}

}  // namespace

TEST_CASE("jacobian has the shape of the result and of x") {
  const Tensor x = Tensor::from({2.0, 3.0});
  const Tensor j = jacobian(curve, x);
  check_close(j, Tensor::from({{12.0, 4.0}, {std::cos(2.0), 5.0}}));
  CHECK_FALSE(j.requires_grad());
  CHECK_FALSE(x.requires_grad());
  CHECK_FALSE(x.grad().defined());

  const Tensor w = draw({4, 3}, 1), u = draw({3, 2}, 2);
  const Tensor table = jacobian([&](const Tensor& t) { return matmul(w, t); }, u);
  REQUIRE(table.shape() == Shape{4, 2, 3, 2});
  // ∂(w·u)ᵢⱼ/∂uₖₗ = wᵢₖ·[j = l]
  for (int64_t i = 0; i < 4; ++i)
    for (int64_t jj = 0; jj < 2; ++jj)
      for (int64_t k = 0; k < 3; ++k)
        for (int64_t l = 0; l < 2; ++l)
          CHECK(table(i, jj, k, l).item() == (jj == l ? w(i, k).item() : 0));

  SUBCASE("a scalar's is its gradient") {
    check_close(jacobian(sum_of_cubes, x), 3 * square(x));
    check_close(jacobian([](const Tensor& t) { return t; }, Tensor::scalar(7, DType::f64)),
                Tensor::scalar(1, DType::f64));
  }
  SUBCASE("of several inputs") {
    const auto product = [](const Tensors& t) { return t[0] * sum(t[1]); };
    const Tensors both = jacobian(product, {x, draw({2, 2}, 3)});
    REQUIRE(both.size() == 2);
    CHECK(both[0].shape() == Shape{2, 2});
    check_close(both[1], expand(reshape(x, {2, 1, 1}), {2, 2, 2}));
  }
  SUBCASE("empty") {
    CHECK(jacobian([](const Tensor& t) { return t * t; }, Tensor::zeros({0, 3})).shape() ==
          Shape{0, 3, 0, 3});
    CHECK(jacobian([](const Tensor& t) { return sum(t); }, Tensor::zeros({0})).shape() == Shape{0});
    CHECK(jacobian([](const Tensor& t) { return t; }, Tensor::zeros({0})).dtype() == DType::f32);
  }
}

TEST_CASE("what doesn't depend on x has derivatives of zero") {
  const Tensor x = Tensor::from({2.0, 3.0}), w = Tensor::from({5.0}).set_requires_grad();
  const auto constant = [](const Tensor&) { return Tensor::ones({3}, DType::f64); };
  const auto other = [&](const Tensor&) { return w * w; };
  const auto linear = [](const Tensor& t) { return sum(t); };
  check_close(jacobian(constant, x), Tensor::zeros({3, 2}, DType::f64));
  check_close(jacobian(other, x), Tensor::zeros({1, 2}, DType::f64));
  check_close(hessian(linear, x), Tensor::zeros({2, 2}, DType::f64));
  check_close(hessian(other, x), Tensor::zeros({2, 2}, DType::f64));
  check_close(hvp(linear, x, x), Tensor::zeros({2}, DType::f64));
  check_close(jvp(constant, x, x), Tensor::zeros({3}, DType::f64));
  check_close(jvp(other, x, x), Tensor::zeros({1}, DType::f64));
  check_close(vjp(constant, x, Tensor::ones({3}, DType::f64)), Tensor::zeros({2}, DType::f64));
  // Its gradient is that of what it does depend on.
  CHECK_FALSE(w.grad().defined());
}

TEST_CASE("hessian, hvp, jvp and vjp are products with the same derivatives") {
  const Tensor x = draw({2, 3}, 4), v = draw({2, 3}, 5);
  const auto f = [](const Tensor& t) { return sum(exp(t)) * sum(square(t)); };
  const Tensor h = hessian(f, x);
  REQUIRE(h.shape() == Shape{2, 3, 2, 3});
  // For e = Σ exp(x) and q = Σ x²: δᵢⱼ·(exp(xᵢ)·q + 2e) + exp(xᵢ)·2xⱼ + 2xᵢ·exp(xⱼ)
  const Values at = x.to_vector<double>();
  const double e = sum(exp(x)).item(), q = sum(square(x)).item();
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t j = 0; j < 6; ++j)
      CHECK(h.data<double>()[i * 6 + j] ==
            doctest::Approx((i == j ? std::exp(at[i]) * q + 2 * e : 0) +
                            2 * std::exp(at[i]) * at[j] + 2 * at[i] * std::exp(at[j])));
  check_close(hvp(f, x, v), matmul(reshape(h, {6, 6}), reshape(v, {6, 1})).reshape({2, 3}));
  check_close(hessian(sum_of_cubes, Tensor::scalar(2, DType::f64)), Tensor::scalar(12, DType::f64));

  const auto g = [](const Tensor& t) { return matmul(tanh(t), transpose(t, 0, 1)); };
  const Tensor j = reshape(jacobian(g, x), {4, 6}), u = draw({2, 2}, 6);
  check_close(jvp(g, x, v), matmul(j, reshape(v, {6, 1})).reshape({2, 2}));
  check_close(vjp(g, x, u), matmul(reshape(u, {1, 4}), j).reshape({2, 3}));

  SUBCASE("of several inputs") {
    const Tensors xs{draw({2}, 7), draw({3}, 8)}, vs{draw({2}, 9), draw({3}, 10)};
    const auto s = [](const Tensors& t) { return sum(square(t[0])) * sum(exp(t[1])); };
    const std::vector<Tensors> blocks = hessian(s, xs);
    REQUIRE(blocks.size() == 2);
    CHECK(blocks[0][1].shape() == Shape{2, 3});
    check_close(blocks[0][1], 2 * reshape(xs[0], {2, 1}) * exp(xs[1]));
    check_close(blocks[1][0], transpose(blocks[0][1], 0, 1));
    const Tensors products = hvp(s, xs, vs);
    check_close(products[0], blocks[0][0].matmul(vs[0].unsqueeze(1)).squeeze(1) +
                                 blocks[0][1].matmul(vs[1].unsqueeze(1)).squeeze(1));
    const Tensors slopes = jacobian(s, xs);
    check_close(jvp(s, xs, vs), sum(slopes[0] * vs[0]) + sum(slopes[1] * vs[1]));
    check_close(vjp(s, xs, Tensor::scalar(2, DType::f64))[1], 2 * slopes[1]);
  }
}

TEST_CASE(
    "derivatives of functions can be differentiated by x, by v and by what the function uses") {
  const Tensors points{draw({2}, 11).set_requires_grad(), draw({2}, 12).set_requires_grad(),
                       draw({2}, 13).set_requires_grad()};
  const auto check = [&](const Function& derivative) {
    CHECK(derivative(points).requires_grad());
    const GradcheckResult first = gradcheck(derivative, points);
    CHECK_MESSAGE(first.passed, first.message);
    const GradcheckResult second = gradgradcheck(derivative, points);
    CHECK_MESSAGE(second.passed, second.message);
  };
  // t holds x, v and a parameter.
  const auto f = [](const Tensor& w) {
    return [w](const Tensor& x) { return w * exp(x) + x * sum(x * w); };
  };
  const auto scalar = [](const Tensor& w) {
    return [w](const Tensor& x) { return sum(w * exp(x)) * sum(x); };
  };
  check([&](const Tensors& t) { return jacobian(f(t[2]), t[0]) * t[1]; });
  check([&](const Tensors& t) { return hessian(scalar(t[2]), t[0]) * t[1]; });
  check([&](const Tensors& t) { return hvp(scalar(t[2]), t[0], t[1]); });
  check([&](const Tensors& t) { return jvp(f(t[2]), t[0], t[1]); });
  check([&](const Tensors& t) { return vjp(f(t[2]), t[0], t[1]); });

  const Tensor x = draw({2}, 14), v = draw({2}, 15);
  const auto fixed = [](const Tensor& t) { return exp(t); };
  CHECK_FALSE(jvp(fixed, x, v).requires_grad());
  CHECK_FALSE(hvp([](const Tensor& t) { return sum(exp(t)); }, x, v).requires_grad());
  CHECK(vjp(fixed, x, points[1]).requires_grad());
  CHECK(jvp(fixed, x, points[1]).requires_grad());
  CHECK(vjp(f(points[2]), x, v).requires_grad());
  const NoGrad no_grad;
  const Tensor slopes = jacobian(fixed, points[0]);
  CHECK_FALSE(slopes.requires_grad());
  check_close(slopes(0, 0), exp(points[0][0]));
}

TEST_CASE("functions may use what was recorded before, and its graph stays") {
  const Tensor a = Tensor::from({2.0, 3.0}).set_requires_grad();
  const Tensor before = a * a;
  const Tensor slopes = jacobian([&](const Tensor& x) { return sum(before * x * x); }, before);
  check_close(slopes, 2 * square(before));
  sum(slopes).backward();  // Σ 2a⁴
  CHECK(a.grad().to_vector<double>() == Values{64, 216});
}

TEST_CASE("functions of derivatives say what is wrong") {
  const Tensor x = Tensor::from({1.0, 2.0}), f32 = Tensor::from({1.f, 2.f});
  const auto twice = [](const Tensor& t) { return t + t; };
  const auto total = [](const Tensor& t) { return sum(t); };
  const auto none = [](const Tensor&) { return Tensor(); };
  const auto check = [](auto body, const char* message) {
    CHECK_THROWS_WITH_AS(body(), message, std::invalid_argument);
  };
  check([&] { hessian(twice, x); }, "[hessian] f must return one element, got (2)");
  check([&] { hvp(twice, x, x); }, "[hvp] f must return one element, got (2)");
  check([&] { hvp(total, x, f32); },
        "[hvp] v must have the shape and type of x: v (2) f32, x (2) f64");
  check([&] { jvp(total, x, Tensor::from({1.0})); },
        "[jvp] v must have the shape and type of x: v (1) f64, x (2) f64");
  check([&] { vjp(total, x, x); },
        "[vjp] v must have the shape and type of f(x): v (2) f64, f(x) () f64");
  check(
      [&] {
        jvp([](const Tensors& t) { return t[0]; }, {x, x}, Tensors{x});
      },
      "[jvp] one v per input is needed, got 1 for 2");
  check([&] { jacobian(none, x); }, "[jacobian] f must return a tensor, got an undefined one");
  check([&] { jacobian(twice, Tensor::from({1, 2})); }, "[jacobian] x must be f32 or f64, got i64");
  check([&] { jacobian([](const Tensor& t) { return argmax(t, 0); }, x); },
        "[jacobian] f must return f32 or f64, got i64");
  check([&] { hvp([](const Tensors&) { return Tensor::scalar(1); }, Tensors{}, Tensors{}); },
        "[hvp] at least one x is needed");
  check(
      [&] {
        jacobian([](const Tensor& t) { return t; }, Tensor::zeros({1, 1, 1, 1, 1}));
      },
      "[shape] a shape must have at most 8 dimensions, got 10");
}

TEST_CASE("vmap calls a function for each slice and stacks the results") {
  const Tensor x = draw({3, 4, 2}, 16);
  const auto f = [](const Tensor& t) { return sum(t, {0}) * 2; };
  check_close(vmap(f)(x), sum(x, {1}) * 2);
  check_close(vmap(f, 1)(x), sum(x, {0}) * 2);
  check_close(vmap(f, -1, 1)(x), sum(x, {0}) * 2);
  check_close(vmap(f, 2, -1)(x), sum(x, {0}) * 2);
  check_close(vmap([](const Tensor& t) { return t; })(x[0][0]), x[0][0]);
  check_close(vmap(f)(x(Slice{1, 2})), sum(x(Slice{1, 2}), {1}) * 2);

  const Tensor w = draw({4}, 17);
  const Function scaled = [](const Tensors& t) { return t[0] * t[1]; };
  check_close(vmap(scaled, {std::nullopt, 1})({w, draw({4, 5}, 18)}),
              w * transpose(draw({4, 5}, 18), 0, 1));
  check_close(vmap(scaled)({w, w}), w * w);
  check_close(vmap(vmap(scaled), {0, std::nullopt})({x[0], x[0][0]}), x[0] * x[0][0]);
}

TEST_CASE("vmap records one graph, and its gradients are those of the whole batch") {
  const Tensors points{draw({5, 3}, 19).set_requires_grad(), draw({3}, 20).set_requires_grad()};
  const Function f =
      vmap([](const Tensors& t) { return sum(tanh(t[0] * t[1])); }, {0, std::nullopt});
  const Tensor whole = sum(tanh(points[0] * points[1]), {1});
  check_close(f(points), whole);
  const Tensors got = grad({sum(f(points))}, points), want = grad({sum(whole)}, points);
  check_close(got[0], want[0]);
  check_close(got[1], want[1]);
  CHECK(gradcheck(f, points).passed);
  CHECK(gradgradcheck(f, points).passed);
}

TEST_CASE("vmap of jacobian has the gradients of each sample") {
  const Tensor weight = draw({3}, 21), inputs = draw({6, 3}, 22), targets = draw({6}, 23);
  const auto loss = [](const Tensor& w, const Tensor& x, const Tensor& y) {
    return square(sum(x * w) - y);
  };
  const Function of_sample = [&](const Tensors& t) {
    return jacobian([&](const Tensor& w) { return loss(w, t[1], t[2]); }, t[0]);
  };
  const Tensor gradients = vmap(of_sample, {std::nullopt, 0, 0})({weight, inputs, targets});
  // 2(xᵀw − y)·x
  const Tensor residual = sum(inputs * weight, {1}) - targets;
  check_close(gradients, 2 * unsqueeze(residual, 1) * inputs);
  // The other way round: the Jacobian of all losses.
  check_close(
      jacobian(
          [&](const Tensor& w) {
            return vmap([&](const Tensors& t) { return loss(w, t[0], t[1]); })({inputs, targets});
          },
          weight),
      gradients);
  const auto curvature = vmap([](const Tensor& x) { return hessian(sum_of_cubes, x); });
  const Tensor h = curvature(inputs);
  REQUIRE(h.shape() == Shape{6, 3, 3});
  CHECK(h(4, 1, 1).item() == doctest::Approx(6 * inputs(4, 1).item()));
  CHECK(h(4, 1, 2).item() == 0);
}

TEST_CASE("vmap says what is wrong") {
  const Function f = [](const Tensors& t) { return t[0]; };
  const Tensor a = Tensor::zeros({3, 2}), b = Tensor::zeros({2, 3});
  const auto check = [](auto body, const char* message) {
    CHECK_THROWS_WITH_AS(body(), message, std::invalid_argument);
  };
  check(
      [&] {
        vmap(f)({a, b});
      },
      "[vmap] arguments must have the same number of slices: 3 of argument 0, 2 of argument 1");
  check([&] { vmap(f, {0})({a, b}); }, "[vmap] one dimension per argument is needed, got 1 for 2");
  check([&] { vmap(f, {std::nullopt})({a}); },
        "[vmap] at least one argument must have a dimension to map");
  check(
      [&] {
        vmap(f)({Tensor::zeros({0, 2})});
      },
      "[vmap] argument 0 must have a slice, got extent 0 in dimension 0 of (0, 2)");
  check([&] { vmap(f, {2})({a}); }, "[vmap] dimension 2 is out of range for shape (3, 2)");
  int calls = 0;
  check([&] { vmap([&](const Tensor&) { return Tensor::zeros({++calls}); })(a); },
        "[vmap] results of f must have the same shape: (1) for slice 0, (2) for slice 1");
  check([&] { vmap([](const Tensor&) { return Tensor(); })(a); },
        "[vmap] f must return a tensor, got an undefined one");
}
