// Parts of a tensor: indices, slices and masks, to read and to write.
#include <gradus.hpp>

namespace gd = gradus;
using gd::Slice;

void show(const char* what, const gd::Tensor& x) {
  fmt::print("{}\n{}\n", what, x);
}

int main() {
  gd::Tensor x = gd::Tensor::arange(12).reshape({3, 4});
  show("x", x);
  // A number for each dimension, from the first on; -1 is the last one.
  show("x[1]", x[1]);
  show("x(1, 2)", x(1, 2));
  show("x(Slice{}, -1)", x(Slice{}, -1));
  // Start, stop (itself left out) and step. A place outside of x is an error.
  show("x(0, Slice{1, 3})", x(0, Slice{1, 3}));
  show("x(0, Slice{.step = 2})", x(0, Slice{.step = 2}));
  // Rows by their numbers, and elements by a mask.
  show("x[Tensor::from({2, 0})]", x[gd::Tensor::from({2, 0})]);
  show("x[(x > 2) & (x < 6)]", x[(x > 2) & (x < 6)]);
  show("rows with a 5", (x == 5).any(1));
  // All these are copies; assign() writes into x itself.
  x.assign({0, Slice{1, 3}}, -1);
  x.assign({Slice{}, 0}, gd::Tensor::from({7, 8, 9}));
  show("x after assign()", x);
  show("0 instead of negative numbers", gd::where(x < 0, 0, x));
}
