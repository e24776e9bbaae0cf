// Exercise 11.2: a convolution as a matrix.
#include <gradus.hpp>

namespace gd = gradus;

// The matrix that convolves `inputs` numbers with a filter: gd::matmul(matrix, x) is the same as
// gd::conv1d of x, without padding. It has a row for each output. The filter may have any length
// up to `inputs`. Each row has the filter, one place further to the right than the row before: all
// other weights of a dense layer are 0.
gd::Tensor matrix_of(const std::vector<float>& filter, int64_t inputs) {
  const int64_t size = std::ssize(filter), outputs = inputs - size + 1;
  gd::Tensor matrix = gd::Tensor::zeros({outputs, inputs});
  for (int64_t i = 0; i < outputs; ++i)
    for (int64_t u = 0; u < size; ++u) matrix.assign({i, i + u}, filter[u]);
  return matrix;
}
