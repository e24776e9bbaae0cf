// Exercise 11.2: a convolution as a matrix.
#include <gradus.hpp>

namespace gd = gradus;

// The matrix that convolves `inputs` numbers with a filter: gd::matmul(matrix, x) is the same as
// gd::conv1d of x, without padding. It has a row for each output. The filter may have any length
// up to `inputs`.
gd::Tensor matrix_of(const std::vector<float>& filter, int64_t inputs) {
  return {};
}
