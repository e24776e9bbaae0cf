// Exercise 6.2: the larger of two numbers, from ReLUs, sums and differences only.
#include <gradus.hpp>

namespace gd = gradus;

// The larger of a and b, element by element.
gd::Tensor larger(const gd::Tensor& a, const gd::Tensor& b) {
  return gd::relu(a);
}
