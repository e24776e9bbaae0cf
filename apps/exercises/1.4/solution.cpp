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
  // its place.
  int plus(int a, int b) {
    return add_number(numbers[a].value + numbers[b].value, {{a, 1}, {b, 1}});
  }
  int times(int a, int b) {
    return add_number(numbers[a].value * numbers[b].value,
                      {{a, numbers[b].value}, {b, numbers[a].value}});
  }
  int sigmoid(int a) {
    const double y = 1 / (1 + std::exp(-numbers[a].value));
    return add_number(y, {{a, y * (1 - y)}});
  }
  int log(int a) { return add_number(std::log(numbers[a].value), {{a, 1 / numbers[a].value}}); }

  // Sets the gradient of all numbers. A number may be an operand of several others: its gradient is
  // the sum over them. All of them come later in the record, so from the end to the start each
  // gradient is complete before it is passed on.
  void backward(int last) {
    for (Number& number : numbers) number.gradient = 0;
    numbers[last].gradient = 1;
    for (int i = last; i >= 0; --i)
      for (const Operand& operand : numbers[i].operands)
        numbers[operand.place].gradient += operand.derivative * numbers[i].gradient;
  }
};
