// Exercise 5.1: division, logarithm and relu for the tape.
#include <gradus.hpp>

#include "apps/exercises/tape.hpp"

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
