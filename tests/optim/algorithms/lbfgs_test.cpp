#include "optim/algorithms/lbfgs.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/ops/elementwise.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "optim/algorithms/line_search.hpp"

using namespace gradus;
using namespace gradus::optim;

namespace {

// 100(y − x²)² + (1 − x)², from (-1.2, 1).
struct Rosenbrock {
  Tensor x, y;

  explicit Rosenbrock(DType dtype = DType::f64)
      : x(Tensor::scalar(-1.2, dtype).set_requires_grad()),
        y(Tensor::scalar(1, dtype).set_requires_grad()) {}

  NamedTensors parameters() const { return {{"x", x}, {"y", y}}; }
  Tensor operator()() {
    x.zero_grad();
    y.zero_grad();
    const Tensor loss = 100 * square(y - square(x)) + square(1 - x);
    loss.backward();
    return loss;
  }
};

}  // namespace

TEST_CASE("L-BFGS finds the minimum of Rosenbrock's function") {
  Rosenbrock f;
  LBFGS optimizer(f.parameters(), {.max_iterations = 200,
                                   .max_evaluations = 400,
                                   .tolerance_gradient = 1e-14,
                                   .tolerance_change = 0});
  int evaluations = 0;
  const double loss = optimizer.step([&] { return ++evaluations, f(); });
  CHECK(loss < 1e-20);
  CHECK(std::abs(f.x.item() - 1) < 1e-10);
  CHECK(std::abs(f.y.item() - 1) < 1e-10);
  CHECK(evaluations < 100);
}

TEST_CASE("Each iteration of L-BFGS is PyTorch's with the strong Wolfe search") {
  const double path[][2] = {
      {-1.0245319303460325, 1.0716196202669255},      {-1.0284565745562346, 1.068187455748677},
      {-1.0288795348319695, 1.0655029516848564},      {-1.0276177663827242, 1.0584120782656612},
      {-1.0203084803940978, 1.0352769866467468},      {-0.9970310351680055, 0.9755913846740084},
      {-0.9431278012083242, 0.8529662725410918},      {-0.8802131649658734, 0.7274772060719978},
      {-0.7745797354515831, 0.5476256792320806},      {-0.6657084570888959, 0.41398308319536115},
      {-0.5160277728852024, 0.2265458257902353},      {-0.34873447463607954, 0.1251923054326954},
      {-0.25600484511812704, 0.03722749524505698},    {-0.1710819310346901, -0.00613035669344697},
      {-0.046139669758781934, -0.018042704406061573}, {0.06615163101563909, -0.01752026355491135}};
  Rosenbrock f;
  LBFGS optimizer(f.parameters(), {.max_iterations = 1, .max_evaluations = 100});
  for (const auto& [x, y] : path) {
    optimizer.step([&] { return f(); });
    CHECK(f.x.item() == doctest::Approx(x).epsilon(1e-8));
    CHECK(f.y.item() == doctest::Approx(y).epsilon(1e-8));
  }
}

TEST_CASE("L-BFGS solves least squares over several tensors") {
  // ‖A·(x, z) − b‖² with A of three columns; NumPy's solution.
  std::vector<double> left, right, b;
  for (int i = 0; i < 6; ++i) {
    for (int j = 0; j < 2; ++j) left.push_back(std::cos(3 * i + j) + (i == j));
    right.push_back(std::cos(3 * i + 2) + (i == 2));
    b.push_back(std::sin(i + 1));
  }
  const Tensor a1 = Tensor::from(left, {6, 2}), a2 = Tensor::from(right, {6, 1});
  Tensor x = Tensor::zeros({2, 1}, DType::f64).set_requires_grad();
  Tensor z = Tensor::zeros({1, 1}, DType::f64).set_requires_grad();
  LBFGS optimizer({{"x", x}, {"z", z}}, {.max_iterations = 100,
                                         .max_evaluations = 200,
                                         .tolerance_gradient = 1e-13,
                                         .tolerance_change = 0});
  const double loss = optimizer.step([&] {
    optimizer.zero_grad();
    const Tensor error = sum(square(matmul(a1, x) + matmul(a2, z) - Tensor::from(b, {6, 1})));
    error.backward();
    return error;
  });
  CHECK(loss == doctest::Approx(2.771771021597635).epsilon(1e-13));
  // With a loss of 2.8, points closer than the root of its rounding can't be distinguished.
  CHECK(x.data<double>()[0] == doctest::Approx(-0.09607336019552369).epsilon(1e-7));
  CHECK(x.data<double>()[1] == doctest::Approx(0.48217180351137356).epsilon(1e-7));
  CHECK(z.data<double>()[0] == doctest::Approx(-0.42777876758454453).epsilon(1e-7));
}

TEST_CASE("L-BFGS, saved and loaded, goes on with the same bits") {
  const LBFGSOptions options{.history = 3, .max_iterations = 1, .max_evaluations = 100};
  Rosenbrock whole, half;
  LBFGS uninterrupted(whole.parameters(), options), first(half.parameters(), options);
  for (int i = 0; i < 12; ++i) uninterrupted.step([&] { return whole(); });
  for (int i = 0; i < 5; ++i) first.step([&] { return half(); });
  LBFGS second(half.parameters(), options);
  second.load_state_dict(first.state_dict());
  for (int i = 5; i < 12; ++i) second.step([&] { return half(); });
  CHECK(half.x.item() == whole.x.item());
  CHECK(half.y.item() == whole.y.item());

  NamedTensors state = first.state_dict();
  CHECK(state[1].first == "x.steps");
  CHECK(state[1].second.shape() == Shape{3});
  state[0].second = Tensor::scalar(4, DType::f64);
  CHECK_THROWS_WITH(second.load_state_dict(state),
                    "[lbfgs] pairs must be a whole number from 0 to history 3, got 4");
  state.pop_back();
  CHECK_THROWS_WITH(second.load_state_dict(state),
                    "[lbfgs] the state doesn't fit the optimizer: missing y.changes");
}

TEST_CASE("L-BFGS trains single precision, and backs away from where the loss is NaN") {
  Rosenbrock f(DType::f32);
  LBFGS optimizer(f.parameters(), {.max_iterations = 100, .max_evaluations = 200});
  for (int i = 0; i < 5; ++i) optimizer.step([&] { return f(); });
  CHECK(f.x.item() == doctest::Approx(1).epsilon(1e-3));

  // x − log x, which is NaN left of 0, where the first guess goes.
  Tensor x = Tensor::scalar(10, DType::f64).set_requires_grad();
  LBFGS careful({{"x", x}}, {.lr = 50});
  for (int i = 0; i < 3; ++i)
    careful.step([&] {
      x.zero_grad();
      const Tensor loss = x - log(x);
      loss.backward();
      return loss;
    });
  CHECK(x.item() == doctest::Approx(1).epsilon(1e-6));
}

TEST_CASE("A step's length meets the strong Wolfe conditions") {
  // A long descent, a narrow bend, and an ascent.
  const auto f = [](double t) {
    return LinePoint{t, -t / (t * t + 2), (t * t - 2) / std::pow(t * t + 2, 2), {}};
  };
  const LinePoint start = f(0);
  for (const double guess : {1e-3, 0.1, 1.0, 10.0, 1000.0}) {
    CAPTURE(guess);
    const LinePoint found = strong_wolfe(f, start, guess, {.c2 = 0.1});
    CHECK(found.value <= start.value + 1e-4 * found.at * start.slope);
    CHECK(std::abs(found.slope) <= 0.1 * std::abs(start.slope));
  }
}

TEST_CASE("L-BFGS refuses options out of range and a loss that isn't finite") {
  Rosenbrock f;
  CHECK_THROWS_WITH(LBFGS(f.parameters(), {.lr = 0}),
                    "[lbfgs] lr must be positive and finite, got 0");
  CHECK_THROWS_WITH(LBFGS(f.parameters(), {.history = 0}),
                    "[lbfgs] history must be 1 or more, got 0");
  CHECK_THROWS_WITH(LBFGS(f.parameters(), {.tolerance_gradient = -1}),
                    "[lbfgs] tolerance_gradient must be 0 or more and finite, got -1");
  CHECK_THROWS_WITH(LBFGS({}),
                    "[lbfgs] at least one parameter must require a gradient, none of 0 does");
  LBFGS optimizer(f.parameters());
  CHECK_THROWS_WITH(
      optimizer.step([] { return Tensor::scalar(0); }),
      "[lbfgs] parameters without a gradient: x, y; the closure must call backward()");
  f();
  CHECK_THROWS_WITH(optimizer.step([] { return Tensor::scalar(NAN); }),
                    "[lbfgs] the loss must be finite at the start, is nan");
}
