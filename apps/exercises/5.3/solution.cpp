// Exercise 5.3: forward mode by dual numbers.
#include <gradus.hpp>

// A value and its derivative by one input. The input itself has the derivative 1, other numbers
// have 0.
struct Dual {
  double value;
  double derivative = 0;
};

Dual operator+(Dual a, Dual b) {
  return {a.value + b.value, a.derivative + b.derivative};
}
Dual operator*(Dual a, Dual b) {
  return {a.value * b.value, a.derivative * b.value + a.value * b.derivative};
}
Dual exp(Dual a) {
  const double y = std::exp(a.value);
  return {y, y * a.derivative};
}
Dual tanh(Dual a) {
  const double y = std::tanh(a.value);
  return {y, (1 - y * y) * a.derivative};
}
