// expect, expect_near: the checks of an exercise. Its test includes this file and EXERCISE, the
// file to be checked: the student's, the stub or the solution. The program calls check(), which the
// test defines.
#pragma once

#include <gradus.hpp>

namespace gd = gradus;

/// Checks what the student wrote.
void check();

namespace exercise {

/// Throws `message` unless the condition is true.
inline void expect(bool condition, const std::string& message) {
  if (!condition) throw std::runtime_error(message);
}

/// Throws unless a number is within `tolerance` of the right one. `name` says which: "slope(2)".
inline void expect_near(const std::string& name, double got, double right, double tolerance) {
  expect(std::abs(got - right) <= tolerance,
         fmt::format("{} is {:.6g}, it should be {:.6g}", name, got, right));
}

/// The place of a tensor's element, counted row by row: "[0, 2, 3]".
inline std::string place_of(int64_t element, const gd::Shape& shape) {
  std::vector<int64_t> place(shape.rank());
  for (std::size_t axis = place.size(); axis-- > 0; element /= shape[axis])
    place[axis] = element % shape[axis];
  return fmt::format("{}", place);
}

/// Throws unless each element of a tensor is within `tolerance` of the right one.
inline void expect_near(const std::string& name, const gd::Tensor& got, const gd::Tensor& right,
                        double tolerance = 1e-5) {
  expect(got.defined(), name + " has no value");
  expect(got.shape() == right.shape(),
         fmt::format("{} has the shape {}, it should have {}", name, got.shape(), right.shape()));
  const auto numbers = [](const gd::Tensor& x) {
    return x.to(gd::DType::f64).detach().to_vector<double>();
  };
  const std::vector<double> values = numbers(got), wanted = numbers(right);
  for (std::size_t i = 0; i < values.size(); ++i)
    expect(std::abs(values[i] - wanted[i]) <= tolerance,
           values.size() == 1
               ? fmt::format("{} is {:.6g}, it should be {:.6g}", name, values[i], wanted[i])
               : fmt::format("element {} of {} is {:.6g}, it should be {:.6g}",
                             place_of(i, got.shape()), name, values[i], wanted[i]));
}

}  // namespace exercise

int main() {
  try {
    check();
    return 0;
  } catch (const std::exception& error) {
    fmt::print("{}\n", error.what());
    return 1;
  }
}
