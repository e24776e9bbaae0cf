// Hint: the chain rule has three factors here: the square, the difference, the sigmoid. And y is
// above ½ where z is above 0.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

static int calls = 0;

// Ends loops that never get there.
static void count_call() {
  exercise::expect(++calls < 100'000,
                   "after 100,000 steps the answer is still wrong: is each step z − slope(z, 1)?");
}

static int right_steps(double z, double (*slope)(double z, double t)) {
  calls = 0;
  int steps = 0;
  for (; z <= 0; ++steps) z -= slope(z, 1);
  return steps;
}

static int counted_steps(double z, double (*slope)(double z, double t)) {
  calls = 0;
  return steps_until_right(z, slope);
}

void check() {
  exercise::expect_near("slope_of_squared_error(0, 1)", slope_of_squared_error(0, 1), -0.25, 1e-6);
  exercise::expect_near("slope_of_squared_error(0, 0)", slope_of_squared_error(0, 0), 0.25, 1e-6);
  for (const double z : {-10.0, -1.5, 0.7, 3.0})
    for (const double t : {0.0, 1.0}) {
      const gd::Tensor score = gd::Tensor::from({z}).set_requires_grad();
      const gd::Tensor loss = gd::square(gd::sigmoid(score) - t);
      exercise::expect_near(fmt::format("slope_of_squared_error({}, {})", z, t),
                            slope_of_squared_error(z, t), gd::grad({loss}, {score})[0].item(),
                            1e-7);
    }

  const auto constant = [](double, double) {
    count_call();
    return -1.0;
  };
  const int three = counted_steps(-2.5, constant);
  exercise::expect(three == 3, fmt::format("with a slope of −1 z goes from −2.5 to 0.5 in 3 steps, "
                                           "steps_until_right says {}",
                                           three));
  exercise::expect(counted_steps(1, constant) == 0,
                   "z = 1 is right at once, steps_until_right should say 0");

  const auto cross_entropy = [](double z, double t) {
    count_call();
    return 1 / (1 + std::exp(-z)) - t;
  };
  const auto squared = [](double z, double t) {
    count_call();
    return slope_of_squared_error(z, t);
  };
  fmt::print("steps until right  cross-entropy  squared error\n");
  for (const double z : {-2.0, -5.0, -10.0}) {
    const int of_entropy = counted_steps(z, cross_entropy), of_square = counted_steps(z, squared);
    fmt::print("from z = {:5}     {:13}  {:13}\n", z, of_entropy, of_square);
    exercise::expect_near(fmt::format("the number of steps from {} by cross-entropy", z),
                          of_entropy, right_steps(z, cross_entropy), 1);
    exercise::expect_near(fmt::format("the number of steps from {} by the squared error", z),
                          of_square, right_steps(z, squared), 1);
  }
}
