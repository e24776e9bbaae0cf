// Exercise 5.2: the way back along the tape.
#include <gradus.hpp>

#include "apps/exercises/tape.hpp"

Scalar operator+(Scalar a, Scalar b) {
  return {a.value() + b.value(), {{a.place, 1}, {b.place, 1}}};
}
Scalar operator*(Scalar a, Scalar b) {
  return {a.value() * b.value(), {{a.place, b.value()}, {b.place, a.value()}}};
}

// Sets the gradient of each entry of the tape: the derivative of the result by it, 0 for what the
// result doesn't depend on.
void backward(Scalar result) {
  for (Entry& entry : tape) entry.gradient = 0;
  tape[result.place].gradient = 1;
  for (std::size_t i = result.place + 1; i-- > 0;)
    for (const auto& [input, derivative] : tape[i].inputs)
      tape[input].gradient += derivative * tape[i].gradient;
}
