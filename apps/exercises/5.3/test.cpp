// Hint: the rules are those of school: (a + b)′ = a′ + b′, (a·b)′ = a′·b + a·b′, and f(a)′ =
// f′(a)·a′.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  const Dual x{2, 1}, c{5};
  exercise::expect_near("the derivative of x + 5", (x + c).derivative, 1, 1e-12);
  exercise::expect_near("the derivative of 5*x at 2", (c * x).derivative, 5, 1e-12);
  exercise::expect_near("the derivative of x*x*x at 2", (x * x * x).derivative, 12, 1e-12);
  exercise::expect_near("the derivative of exp(5*x) at 2", exp(c * x).derivative / std::exp(10), 5,
                        1e-9);
  exercise::expect_near("the derivative of tanh(x) at 2", tanh(x).derivative,
                        1 - std::tanh(2) * std::tanh(2), 1e-12);
  const auto f = [](auto y) { return y * exp(y) + tanh(y); };
  const Dual y = f(Dual{1.5, 1});
  exercise::expect_near("f(1.5) of the chapter", y.value, 1.5 * std::exp(1.5) + std::tanh(1.5),
                        1e-12);
  exercise::expect_near("the derivative of the chapter's f at 1.5", y.derivative, 11.384929315,
                        1e-8);
}
