#include "optim/algorithms/lbfgs.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

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

// A function of one parameter as losses and slopes, in the order of its evaluations; the last
// repeats.
struct Scripted {
  std::vector<std::pair<double, double>> points;
  std::size_t evaluations = 0;
  Tensor x = Tensor::scalar(0, DType::f64).set_requires_grad();

  Tensor operator()() {
    const auto [loss, slope] = points[std::min(evaluations++, points.size() - 1)];
    x.set_grad(Tensor::scalar(slope, DType::f64));
    return Tensor::scalar(loss, DType::f64);
  }
  // The number of evaluations of one step.
  std::size_t step(const LBFGSOptions& options) {
    LBFGS({{"x", x}}, options).step([this] { return (*this)(); });
    return evaluations;
  }
};

// Where a line search evaluates a function of value and slope, and the place that it returns.
struct Searched {
  std::vector<double> places;
  double found = 0;
};
Searched search(const std::function<std::pair<double, double>(double)>& f, double guess,
                const LineSearchOptions& options) {
  Searched result;
  const auto evaluate = [&](double t) {
    const auto [value, slope] = f(t);
    return LinePoint{t, value, slope, {}};
  };
  const LinePoint start = evaluate(0);
  result.found = strong_wolfe([&](double t) { return result.places.push_back(t), evaluate(t); },
                              start, guess, options)
                     .at;
  return result;
}
// The same, of a function as its start and the points that follow, in the order of the evaluations.
Searched search(const std::vector<std::pair<double, double>>& points, double guess,
                const LineSearchOptions& options) {
  std::size_t next = 0;
  return search([&](double) { return points.at(next++); }, guess, options);
}

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

TEST_CASE("A line search goes the way of Nocedal and Wright's algorithms 3.5 and 3.6") {
  // Computed by these algorithms, with each cubic's minimum from the roots of its derivative.
  const auto bend = [](double t) {
    return std::pair(-t / (t * t + 2), (t * t - 2) / std::pow(t * t + 2, 2));
  };
  const auto wave = [](double t) {
    return std::pair(t * t / 100 - t / 5 - std::sin(3 * t) / 3, t / 50 - 0.2 - std::cos(3 * t));
  };
  const auto cliff = [](double t) { return std::pair(std::exp(t) - 3 * t, std::exp(t) - 3); };
  const auto power = [](double t) {
    const double u = t + 0.004;
    return std::pair(std::pow(u, 5) - 2 * std::pow(u, 4), 5 * std::pow(u, 4) - 8 * std::pow(u, 3));
  };
  const struct {
    std::function<std::pair<double, double>(double)> f;
    double c2;
    std::vector<double> places;
  } cases[] = {
      {bend,
       0.001,
       {10, 3.502833347162568, 1.7061107371551698, 1.540413983493786, 1.3863725851444073,
        1.4142992623329969}},
      {wave, 0.001, {0.001, 0.01, 0.1, 0.5177346126796615, 0.5768824554341616, 0.5866904755431581}},
      {wave,
       0.001,
       {10, 10.1, 12.251370961522381, 10.504194887685868, 10.84095495803045, 10.96427988981992,
        11.092988996990167, 10.988829877891567}},
      {wave,
       0.001,
       {100, 22.607159232943715, 7.001000968357379, 3.8304131950655904, 6.2566419424081605,
        6.852440705803218, 6.831776098257294, 6.774262682672381, 6.8279529621947255}},
      {cliff,
       0.1,
       {10, 5.834454618689651, 2.9356313074137024, 1.2586007754587407, 1.088787603525684}},
      {power,
       0.001,
       {0.001, 0.005505, 0.030300025, 0.16677411262500003, 0.9179399898756251, 0.9254516486481313,
        2.6993590241147523, 1.7090408663443784, 1.574137245013294, 1.5961365899171909,
        1.5959999622502534, 1.5960136250169472, 1.5960000000000019}}};
  for (const auto& [f, c2, places] : cases) {
    const Searched result = search(f, places[0], {.c2 = c2});
    REQUIRE(result.places.size() == places.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
      CAPTURE(i);
      CHECK(result.places[i] == doctest::Approx(places[i]).epsilon(1e-9));
    }
    CHECK(result.found == result.places.back());
  }
}

TEST_CASE("A point on the limit of a Wolfe condition meets it") {
  using Places = std::vector<double>;
  CHECK(search({{0, -1}, {-0.5, 0}}, 1, {.c1 = 0.5}).places == Places{1});
  CHECK(search({{0, -1}, {-0.5, -0.5}}, 1, {.c2 = 0.5}).places == Places{1});
  CHECK(search({{0, -1}, {-0.5, 0.5}}, 1, {.c2 = 0.5}).places == Places{1});
  // At this precision the first condition is no fall at all.
  CHECK(search({{1, -1e-20}, {1, 0}}, 1, {}).places == Places{1});
}

TEST_CASE("A line search never lets go of the lowest point") {
  // The second point lies above the first and below the limit; the third, between, ties with the
  // first.
  const std::vector<std::pair<double, double>> points{{0, -1}, {-1, -0.95}, {-0.9, 5}, {-1, 0.95}};
  for (const int limit : {2, 3}) {
    const Searched result = search(points, 0.25, {.max_evaluations = limit});
    CHECK(result.places.size() == static_cast<std::size_t>(limit));
    CHECK(result.found == 0.25);
  }
  CHECK(search({{0, -1}, {-1, -1}}, 0.5, {.max_evaluations = 1}).found == 0.5);
  CHECK(search({{0, -1}, {1, 1}}, 0.5, {.max_evaluations = 1}).found == 0);
  CHECK(search({{0, -1}, {-1, -1}, {1, 1}}, 0.5, {.max_evaluations = 2}).found == 0.5);
  CHECK(search({{0, -1}, {NAN, NAN}, {-1, -1}}, 8, {.max_evaluations = 2}).places ==
        std::vector<double>{8, 4});
}

TEST_CASE("A line search leaves the end of its bracket, however far its first guess went") {
  // The cubic's minimum, 6e-19, is 0 in the rounding of a step of 1.
  const auto wall = [](double t) { return std::pair(1e36 * t * t * t - t, 3e36 * t * t - 1); };
  const std::vector<double> places = search(wall, 1, {}).places;
  CHECK(places[1] == doctest::Approx(0.1).epsilon(1e-12));
  // The minimum of (x³ − 12x)/12, at 2, is beyond the right end.
  CHECK(search({{0, -1}, {-11. / 12, -0.75}, {-0.9, 0}}, 1, {.c1 = 0.95}).places ==
        std::vector<double>{1, 0.9});
}

TEST_CASE("A line search ends when its bracket is narrower than asked for") {
  const auto rises = [](double t) { return std::pair(t == 0 ? 0 : 1.0, -1.0); };
  const auto evaluations = [&](double narrowest) {
    return search(rises, 1, {.narrowest = narrowest}).places.size();
  };
  CHECK(evaluations(1.5) == 1);
  CHECK(evaluations(1) == 2);
  CHECK(evaluations(0) == 25);
}

TEST_CASE("L-BFGS stops at each of its tolerances and limits, and not before") {
  // A step from 0 to 1, on which the loss falls by ½ or 10.
  const std::vector<std::pair<double, double>> little{{1, -1}, {0.5, -0.5}, {0, 0}},
      much{{1, -1}, {-9, -0.9}, {-99, 0}};
  CHECK(Scripted{little}.step({.tolerance_change = 0.75}) == 2);
  CHECK(Scripted{little}.step({.tolerance_change = 0.5}) == 3);
  CHECK(Scripted{much}.step({.tolerance_change = 1}) == 2);
  CHECK(Scripted{much}.step({.tolerance_change = 0.9}) == 3);
  CHECK(Scripted{{{1, -1}, {0.8, -0.9}, {0, 0}}}.step({.tolerance_change = 0.5}) == 2);
  CHECK(Scripted{{{1, -1}, {0.8, -0.9}, {0, 0}}}.step({.tolerance_change = 0.1}) == 3);
  // A step of 0.1·½.
  const std::vector<std::pair<double, double>> small{{1, -0.5}, {0, -0.4}, {-1, 0}};
  CHECK(Scripted{small}.step({.lr = 0.1, .tolerance_change = 0.06}) == 2);
  CHECK(Scripted{small}.step({.lr = 0.1, .tolerance_change = 0.04}) == 3);
  CHECK(Scripted{little}.step({.tolerance_gradient = 0.5, .tolerance_change = 0}) == 2);
  CHECK(Scripted{little}.step({.tolerance_gradient = 0.4, .tolerance_change = 0}) == 3);
  // The slope along the direction is −¼.
  CHECK(Scripted{{{1, -0.5}, {0, 0}}}.step({.tolerance_change = 0.25}) == 2);
  CHECK(Scripted{{{1, -0.5}, {0, 0}}}.step({.tolerance_change = 0.26}) == 1);

  std::size_t evaluations = 1;  // of three iterations, whose first evaluation is the same point
  Rosenbrock f;
  LBFGS single(f.parameters(), {.max_iterations = 1});
  for (int i = 0; i < 3; ++i) {
    std::size_t own = 0;
    single.step([&] { return ++own, f(); });
    evaluations += own - 1;
  }
  const auto evaluations_of = [](const LBFGSOptions& options) {
    Rosenbrock g;
    std::size_t result = 0;
    LBFGS(g.parameters(), options).step([&] { return ++result, g(); });
    return result;
  };
  CHECK(evaluations_of({.max_iterations = 3}) == evaluations);
  CHECK(evaluations_of({.max_evaluations = static_cast<int64_t>(evaluations)}) == evaluations);
  CHECK(evaluations_of({.max_evaluations = static_cast<int64_t>(evaluations) + 1}) > evaluations);
}

TEST_CASE("L-BFGS leaves the parameters where they were if nothing lower is found") {
  Scripted rises{{{3, -1}, {4, 1}}};
  LBFGS optimizer({{"x", rises.x}}, {.tolerance_change = 0});
  CHECK(optimizer.step([&] { return rises(); }) == 3);
  CHECK(rises.evaluations == 26);
  CHECK(rises.x.item() == 0);
}

TEST_CASE("L-BFGS forgets the pairs whose direction gives no descent") {
  for (const bool rises : {false, true}) {
    Scripted f{{{1, -1}, {0.5, -0.5}, {rises ? 9. : 0., rises ? 9. : 0.}}};
    LBFGS optimizer({{"x", f.x}}, {.tolerance_change = 0});
    optimizer.step([&] { return f(); });
    CHECK(optimizer.state_dict()[0].second.item() == (rises ? 0 : 2));
  }
}

TEST_CASE("L-BFGS remembers no pair whose curvature is 1e-10 or less") {
  // The step is lr·g, the change of the gradient g, which is 2⁻²⁰.
  const double slope = std::exp2(-20);
  const auto pairs = [&](double curvature) {
    Scripted f{{{0, -slope}, {-1, 0}}};
    LBFGS optimizer({{"x", f.x}},
                    {.lr = curvature * std::exp2(40), .max_iterations = 1, .tolerance_change = 0});
    optimizer.step([&] { return f(); });
    return optimizer.state_dict()[0].second.item();
  };
  CHECK(pairs(1e-10) == 0);
  CHECK(pairs(1.01e-10) == 1);
}

TEST_CASE("L-BFGS refuses options out of range and a loss that isn't finite") {
  Rosenbrock f;
  CHECK_THROWS_WITH(LBFGS(f.parameters(), {.lr = 0}),
                    "[lbfgs] lr must be positive and finite, got 0");
  CHECK_THROWS_WITH(LBFGS(f.parameters(), {.history = 0}),
                    "[lbfgs] history must be 1 or more, got 0");
  CHECK_THROWS_WITH(LBFGS(f.parameters(), {.max_iterations = 0}),
                    "[lbfgs] max_iterations must be 1 or more, got 0");
  CHECK_THROWS_WITH(LBFGS(f.parameters(), {.max_evaluations = -2}),
                    "[lbfgs] max_evaluations must be 1 or more, got -2");
  CHECK_THROWS_WITH(LBFGS(f.parameters(), {.tolerance_gradient = -1}),
                    "[lbfgs] tolerance_gradient must be 0 or more and finite, got -1");
  CHECK_THROWS_WITH(LBFGS(f.parameters(), {.tolerance_change = NAN}),
                    "[lbfgs] tolerance_change must be 0 or more and finite, got nan");
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
