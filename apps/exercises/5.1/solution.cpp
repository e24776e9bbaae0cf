// Exercise 5.1: division, logarithm and relu for the tape.
#include <gradus.hpp>

using Inputs = std::vector<std::pair<std::size_t, double>>;  // (place on the tape, derivative)

struct Entry {
  double value;
  Inputs inputs;
  double gradient = 0;
};
std::vector<Entry> tape;

struct Scalar {
  std::size_t place = tape.size();
  Scalar(double value, Inputs inputs = {}) { tape.push_back({value, std::move(inputs)}); }
  double value() const { return tape[place].value; }
};

// a/b, with the derivatives by a and by b.
Scalar operator/(Scalar a, Scalar b) {
  const double y = a.value() / b.value();
  return {y, {{a.place, 1 / b.value()}, {b.place, -y / b.value()}}};
}

// The natural logarithm.
Scalar log(Scalar a) {
  return {std::log(a.value()), {{a.place, 1 / a.value()}}};
}

// max(0, a). Its derivative is 1 where a is positive, and 0 elsewhere.
Scalar relu(Scalar a) {
  return {std::max(a.value(), 0.0), {{a.place, a.value() > 0 ? 1 : 0}}};
}
