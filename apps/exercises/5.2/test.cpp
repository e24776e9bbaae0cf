// Hint: first every gradient is 0, and that of the result 1. Then go from the result to the
// beginning of the tape; each entry adds its gradient times the derivative to the gradient of each
// of its inputs.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void expect_gradient(const std::string& name, Scalar x, double right) {
  exercise::expect_near(name, tape[x.place].gradient, right, 1e-9);
}

void check() {
  const Scalar x = 3, y = 5;
  const Scalar sum = x + y;
  backward(sum);
  expect_gradient("the derivative of x + y by x", x, 1);
  expect_gradient("the derivative of x + y by y", y, 1);
  const Scalar square = x * x;
  backward(square);
  expect_gradient("the derivative of x*x by x at 3", x, 6);
  expect_gradient("the derivative of x*x by y", y, 0);
  const Scalar product = square * (x + y) + y;
  backward(product);
  expect_gradient("the derivative of x*x*(x + y) + y by x at (3, 5)", x, 57);
  expect_gradient("the derivative of x*x*(x + y) + y by y at (3, 5)", y, 10);
  expect_gradient("the derivative by x*x", square, 8);
  backward(square);
  expect_gradient("the derivative of x*x by x, computed again,", x, 6);
}
