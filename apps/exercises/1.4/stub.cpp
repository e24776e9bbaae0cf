// Exercise 1.4: an autograd for single numbers.
#include <gradus.hpp>

// The record of a computation: all its numbers in the order in which they were computed. A number
// is known by its place in the record.
struct Record {
  struct Operand {
    int place;
    double derivative;  // of the result by this operand
  };
  struct Number {
    double value;
    std::vector<Operand> operands;  // what it was computed from; none for an input
    double gradient = 0;            // the derivative of the last number by this one
  };
  std::vector<Number> numbers;

  // Adds a number to the record and returns its place.
  int add_number(double value, std::vector<Operand> operands = {}) {
    numbers.push_back({value, std::move(operands)});
    return static_cast<int>(numbers.size()) - 1;
  }

  // Each of these adds its result to the record, with the derivative by each operand, and returns
  // its place. a and b are places. For 3·a it would be:
  //   return add_number(3 * numbers[a].value, {{a, 3}});
  int plus(int a, int b) { return a; }
  int times(int a, int b) { return a; }
  int sigmoid(int a) { return a; }
  int log(int a) { return a; }

  // Sets the gradient of all numbers: the derivative of the number at `last` by each of them.
  void backward(int last) {}
};
