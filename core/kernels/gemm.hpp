// The product of matrices.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>

#include "core/parallel.hpp"
#include "core/storage.hpp"

namespace gradus::kernels {

/// A row-major matrix with `stride` elements from row to row, read transposed or not.
template <class T>
struct Matrix {
  const T* data;
  int64_t stride;
  bool transposed = false;

  int64_t row_step() const { return transposed ? 1 : stride; }
  int64_t column_step() const { return transposed ? stride : 1; }
  /// The matrix without its first `rows` rows and `columns` columns, as it is read.
  Matrix from(int64_t rows, int64_t columns) const {
    return {data + rows * row_step() + columns * column_step(), stride, transposed};
  }
};

/// Whether a product replaces what the result held or is added to it.
enum class Update { replace, add };

/// C ← A·B (+ C) on the calling thread; A (m, k), B (k, n), C (m, n) with `stride` elements a row.
/// Each element is summed in the order of k, however the product is divided.
template <class T>
void gemm_serial(int64_t m, int64_t n, int64_t k, Matrix<T> a, Matrix<T> b, Update update, T* c,
                 int64_t stride);

/// A matrix packed once for many products with it on the right: what a recurrent layer multiplies
/// every step's state by.
template <class T>
class PackedMatrix {
 public:
  /// b (k, n), k ≥ 1
  PackedMatrix(int64_t k, int64_t n, Matrix<T> b);
  /// C ← A·B (+ C) on the calling thread; A (m, k), C (m, n) with `stride` elements a row.
  void multiply(int64_t m, Matrix<T> a, Update update, T* c, int64_t stride) const;

 private:
  int64_t k_, n_;
  std::unique_ptr<Storage> memory_;
};

/// How a product is divided: the longer side of the result, in parts of `grain`, many enough for
/// several threads and large enough to be worth one.
struct GemmDivision {
  GemmDivision(int64_t m, int64_t n, int64_t k) : by_columns(n >= m), length(std::max(m, n)) {
    constexpr int64_t work = 1 << 21, narrowest = 64;
    const int64_t parts =
        std::clamp<int64_t>(m * n * k / work, 1, std::max<int64_t>(1, length / narrowest));
    grain = (length + parts - 1) / parts;
    if (parts > 1) grain = (grain + 31) / 32 * 32;
  }

  bool by_columns;
  int64_t length, grain;
};

/// C ← A·B (+ C) on all threads; `epilogue(row, rows, column, columns)` is called for each part of
/// C when it is done and still in cache.
template <class T, class Epilogue>
void gemm(int64_t m, int64_t n, int64_t k, Matrix<T> a, Matrix<T> b, Update update, T* c,
          int64_t stride, Epilogue&& epilogue) {
  const GemmDivision division(m, n, k);
  parallel_for(division.length, division.grain, [&](int64_t begin, int64_t end) {
    const int64_t extent = end - begin;
    if (division.by_columns) {
      gemm_serial(m, extent, k, a, b.from(0, begin), update, c + begin, stride);
      epilogue(int64_t{0}, m, begin, extent);
    } else {
      gemm_serial(extent, n, k, a.from(begin, 0), b, update, c + begin * stride, stride);
      epilogue(begin, extent, int64_t{0}, n);
    }
  });
}
template <class T>
void gemm(int64_t m, int64_t n, int64_t k, Matrix<T> a, Matrix<T> b, Update update, T* c,
          int64_t stride) {
  gemm(m, n, k, a, b, update, c, stride, [](int64_t, int64_t, int64_t, int64_t) {});
}

}  // namespace gradus::kernels
