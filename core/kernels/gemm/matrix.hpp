// Matrix: an operand of a product; Update: whether the result is replaced or added to.
#pragma once

#include <cstdint>

namespace gradus::kernels {

/// A row-major matrix with `stride` elements between rows, read transposed or not.
template <class T>
struct Matrix {
  const T* data;
  int64_t stride;
  bool transposed = false;

  int64_t row_step() const { return transposed ? 1 : stride; }
  int64_t column_step() const { return transposed ? stride : 1; }
  /// The matrix without its first `rows` rows and `columns` columns (after transposing).
  Matrix from(int64_t rows, int64_t columns) const {
    return {data + rows * row_step() + columns * column_step(), stride, transposed};
  }
};

/// Whether a product replaces the result or is added to it.
enum class Update { replace, add };

}  // namespace gradus::kernels
