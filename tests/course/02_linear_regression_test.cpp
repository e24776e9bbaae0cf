// 02_linear_regression_test: solutions to the exercises of docs/course/02_linear_regression.md.
#include <doctest/doctest.h>

#include <gradus.hpp>

namespace gd = gradus;

namespace {

struct Points {
  gd::Tensor x, y;
};

// The 100 points of the program.
Points points() {
  gd::Rng rng(1);
  const gd::Tensor x = 3.0 * gd::rand({100}, rng, gd::DType::f64);
  const gd::Tensor noise = 0.3 * gd::randn({100}, rng, gd::DType::f64);
  return {x, 2.0 * x + 1.0 + noise};
}

gd::Tensor zero() {
  return gd::Tensor::scalar(0, gd::DType::f64).set_requires_grad();
}

}  // namespace

TEST_CASE("Exercise 2.1: the gradient by hand") {
  const auto [x, y] = points();
  const gd::Tensor w = zero(), b = zero();
  const gd::Tensor error = w * x + b - y;
  gd::mean(gd::square(error)).backward();
  CHECK(w.grad().item() == doctest::Approx(2 * gd::mean(error * x).item()));
  CHECK(b.grad().item() == doctest::Approx(2 * gd::mean(error).item()));
}

TEST_CASE("Exercise 2.2: a centred x makes the curvatures similar and the descent shorter") {
  const Points given = points();
  struct Bowl {
    double ratio;  // of its curvatures
    int steps;     // at the best rate, until the slope of the line is correct to 0.001
  };
  const auto bowl_of = [](const gd::Tensor& x, const gd::Tensor& y) {
    const double a = 2 * gd::mean(x * x).item(), c = 2 * gd::mean(x).item(), d = 2;
    const double half = std::hypot((a - d) / 2, c);
    const double steepest = (a + d) / 2 + half, flattest = (a + d) / 2 - half;
    const gd::Tensor w = zero(), b = zero();
    gd::optim::SGD optimizer({{"w", w}, {"b", b}}, {.lr = 2 / (steepest + flattest)});
    const gd::Tensor dx = x - gd::mean(x), dy = y - gd::mean(y);
    const double slope = gd::sum(dx * dy).item() / gd::sum(dx * dx).item();
    int steps = 0;
    for (; std::abs(w.item() - slope) > 1e-3; ++steps) {
      optimizer.zero_grad();
      gd::mean(gd::square(w * x + b - y)).backward();
      optimizer.step();
    }
    return Bowl{steepest / flattest, steps};
  };
  const Bowl before = bowl_of(given.x, given.y);
  const Bowl after = bowl_of(given.x - gd::mean(given.x), given.y);
  CHECK(before.ratio > 15);
  CHECK(after.ratio < 2);  // c is 0: the curvatures are 2 and twice the variance of x
  CHECK(before.steps > 5 * after.steps);
}

TEST_CASE("Exercise 2.3: a parabola is linear in its coefficients") {
  gd::Rng rng(2);
  const gd::Tensor x = 2.0 * gd::rand({100}, rng, gd::DType::f64) - 1.0;
  const gd::Tensor y = 3.0 * gd::square(x) - 2.0 * x + 1.0;
  const gd::Tensor columns = gd::stack({gd::square(x), x, gd::Tensor::ones({100}, x.dtype())}, 1);
  const gd::Tensor w = gd::Tensor::zeros({3}, gd::DType::f64).set_requires_grad();
  gd::optim::SGD optimizer({{"w", w}}, {.lr = 0.5});
  for (int step = 0; step < 1000; ++step) {
    optimizer.zero_grad();
    gd::mean(gd::square(gd::matmul(columns, w) - y)).backward();
    optimizer.step();
  }
  const auto coefficients = w.to_vector<double>();
  CHECK(coefficients[0] == doctest::Approx(3));
  CHECK(coefficients[1] == doctest::Approx(-2));
  CHECK(coefficients[2] == doctest::Approx(1));
}
