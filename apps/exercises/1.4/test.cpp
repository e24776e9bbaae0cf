// Hint: the number at `last` has the gradient 1 by itself. From there to the start each number adds
// its gradient, times the derivative by the operand, to that of each operand. What has to be 0
// before?
#include "apps/exercises/exercise.hpp"

static double value(const Record& record, int place) {
  return record.numbers.at(place).value;
}

static double gradient(const Record& record, int place) {
  return record.numbers.at(place).gradient;
}

static void check_values() {
  Record record;
  const int two = record.add_number(2), three = record.add_number(3);
  exercise::expect_near("the value of 2 + 3", value(record, record.plus(two, three)), 5, 1e-9);
  exercise::expect_near("the value of 2·3", value(record, record.times(two, three)), 6, 1e-9);
  exercise::expect_near("the value of σ(2)", value(record, record.sigmoid(two)),
                        1 / (1 + std::exp(-2)), 1e-9);
  exercise::expect_near("the value of ln 3", value(record, record.log(three)), std::log(3), 1e-9);
  exercise::expect(record.numbers.size() == 6,
                   fmt::format("after two inputs and four operations the record has {} numbers, it "
                               "should have 6",
                               record.numbers.size()));
}

// One operation each.
static void check_operations() {
  Record record;
  const int two = record.add_number(2), three = record.add_number(3);
  record.backward(record.plus(two, three));
  exercise::expect_near("the gradient of a + b by a", gradient(record, two), 1, 1e-9);
  exercise::expect_near("the gradient of a + b by b", gradient(record, three), 1, 1e-9);
  record.backward(record.times(two, three));
  exercise::expect_near("the gradient of a·b by a, for a = 2 and b = 3", gradient(record, two), 3,
                        1e-9);
  exercise::expect_near("the gradient of a·b by b, for a = 2 and b = 3", gradient(record, three), 2,
                        1e-9);
  record.backward(record.sigmoid(two));
  const double y = 1 / (1 + std::exp(-2));
  exercise::expect_near("the gradient of σ(a) by a, for a = 2", gradient(record, two), y * (1 - y),
                        1e-9);
  exercise::expect_near("the gradient of σ(a) by b", gradient(record, three), 0, 0);
  record.backward(record.log(three));
  exercise::expect_near("the gradient of ln b by b, for b = 3", gradient(record, three), 1.0 / 3,
                        1e-9);
}

// Numbers that are used more than once, and operations after one another.
static void check_chains() {
  Record record;
  const int a = record.add_number(3), b = record.add_number(4);
  const int square = record.times(a, a);
  record.backward(square);
  exercise::expect_near("the gradient of a·a by a, for a = 3", gradient(record, a), 6, 1e-9);
  const int sum = record.plus(a, b), product = record.times(sum, square);
  record.backward(product);  // a³ + a²b
  exercise::expect_near("the gradient of (a + b)·(a·a) by a, for a = 3 and b = 4",
                        gradient(record, a), 51, 1e-9);
  exercise::expect_near("the gradient of (a + b)·(a·a) by b, for a = 3 and b = 4",
                        gradient(record, b), 9, 1e-9);
  record.backward(product);
  exercise::expect_near("the same gradient by b after a second backward()", gradient(record, b), 9,
                        1e-9);
}

// The neuron of the chapter: L = −ln σ(w₁x₁ + w₂x₂ + b) for the target 1.
static void check_neuron() {
  Record record;
  const int w1 = record.add_number(0.5), w2 = record.add_number(-0.3), b = record.add_number(0.1);
  const int x1 = record.add_number(1), x2 = record.add_number(0.5);
  const int z = record.plus(record.plus(record.times(w1, x1), record.times(w2, x2)), b);
  const int loss = record.times(record.add_number(-1), record.log(record.sigmoid(z)));
  record.backward(loss);
  fmt::print("by your autograd: dL/dw = ({:.4f}, {:.4f}), dL/db = {:.4f}\n", gradient(record, w1),
             gradient(record, w2), gradient(record, b));
  const double by_z = 1 / (1 + std::exp(-0.45)) - 1;
  exercise::expect_near("dL/dw₁ of the neuron", gradient(record, w1), by_z, 1e-9);
  exercise::expect_near("dL/dw₂ of the neuron", gradient(record, w2), 0.5 * by_z, 1e-9);
  exercise::expect_near("dL/db of the neuron", gradient(record, b), by_z, 1e-9);
}

void check() {
  check_values();
  check_operations();
  check_chains();
  check_neuron();
}
