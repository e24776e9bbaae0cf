// Hint: operator* of the chapter is the model. The derivatives of a/b are 1/b by a and −a/b² by b.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void backward(Scalar result) {
  for (Entry& entry : tape) entry.gradient = 0;
  tape[result.place].gradient = 1;
  for (std::size_t i = result.place + 1; i-- > 0;)
    for (const auto& [input, derivative] : tape[i].inputs)
      tape[input].gradient += derivative * tape[i].gradient;
}

double gradient(Scalar x) {
  return tape[x.place].gradient;
}

void check() {
  const Scalar a = 3, b = 2, quotient = a / b;
  backward(quotient);
  exercise::expect_near("3/2", quotient.value(), 1.5, 1e-12);
  exercise::expect_near("the derivative of a/b by a at (3, 2)", gradient(a), 0.5, 1e-12);
  exercise::expect_near("the derivative of a/b by b at (3, 2)", gradient(b), -0.75, 1e-12);
  const Scalar c = 4, logarithm = log(c);
  backward(logarithm);
  exercise::expect_near("log(4)", logarithm.value(), std::log(4), 1e-12);
  exercise::expect_near("the derivative of log at 4", gradient(c), 0.25, 1e-12);
  for (const double value : {-1.5, 0.0, 2.5}) {
    const Scalar x = value, y = relu(x);
    backward(y);
    exercise::expect_near(fmt::format("relu({})", value), y.value(), std::max(value, 0.0), 1e-12);
    exercise::expect_near(fmt::format("the derivative of relu at {}", value), gradient(x),
                          value > 0 ? 1 : 0, 1e-12);
  }
  const Scalar x = 0.7, y = log(relu(x) / (x / 3)) / x;
  backward(y);
  exercise::expect_near("the derivative of log(relu(x)/(x/3))/x at 0.7", gradient(x),
                        -std::log(3) / 0.49, 1e-9);
}
