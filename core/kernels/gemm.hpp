// The product of matrices, on OpenBLAS, with the work divided here.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/parallel.hpp"

namespace gradus::kernels {

/// A row-major matrix with `stride` elements from row to row, read transposed or not.
template <class T>
struct Matrix {
  const T* data;
  int64_t stride;
  bool transposed = false;

  /// The matrix without its first `n` rows, as it is read.
  Matrix from_row(int64_t n) const {
    return {data + (transposed ? n : n * stride), stride, transposed};
  }
  Matrix from_column(int64_t n) const {
    return {data + (transposed ? n * stride : n), stride, transposed};
  }
};

/// C ← A·B + beta·C on the calling thread; A (m, k), B (k, n), C (m, n) with `stride` elements a
/// row
template <class T>
void gemm_serial(int64_t m, int64_t n, int64_t k, Matrix<T> a, Matrix<T> b, T beta, T* c,
                 int64_t stride);

/// How a product is divided: the longer side of the result, in parts of `grain`, many enough for
/// several threads and large enough to be worth one.
struct GemmDivision {
  GemmDivision(int64_t m, int64_t n, int64_t k) : by_columns(n >= m), length(std::max(m, n)) {
    constexpr int64_t work = 1 << 22, narrowest = 64;
    const int64_t parts =
        std::clamp<int64_t>(m * n * k / work, 1, std::max<int64_t>(1, length / narrowest));
    grain = (length + parts - 1) / parts;
    if (parts > 1) grain = (grain + 15) / 16 * 16;
  }

  bool by_columns;
  int64_t length, grain;
};

/// C ← A·B + beta·C on all threads; `epilogue(row, rows, column, columns)` is called for each part
/// of C when it is done and still in cache.
template <class T, class Epilogue>
void gemm(int64_t m, int64_t n, int64_t k, Matrix<T> a, Matrix<T> b, T beta, T* c, int64_t stride,
          Epilogue&& epilogue) {
  const GemmDivision division(m, n, k);
  parallel_for(division.length, division.grain, [&](int64_t begin, int64_t end) {
    const int64_t extent = end - begin;
    if (division.by_columns) {
      gemm_serial(m, extent, k, a, b.from_column(begin), beta, c + begin, stride);
      epilogue(int64_t{0}, m, begin, extent);
    } else {
      gemm_serial(extent, n, k, a.from_row(begin), b, beta, c + begin * stride, stride);
      epilogue(begin, extent, int64_t{0}, n);
    }
  });
}
template <class T>
void gemm(int64_t m, int64_t n, int64_t k, Matrix<T> a, Matrix<T> b, T beta, T* c, int64_t stride) {
  gemm(m, n, k, a, b, beta, c, stride, [](int64_t, int64_t, int64_t, int64_t) {});
}

}  // namespace gradus::kernels
