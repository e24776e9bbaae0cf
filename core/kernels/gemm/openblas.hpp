// OpenBlas: the matrix product of OpenBLAS, loaded on demand.
#pragma once

#include <string>

#include "core/kernels/gemm/matrix.hpp"

namespace gradus::kernels {

/// Its results aren't reproducible: its sums depend on the processor and on the division of a
/// product.
class OpenBlas {
 public:
  /// Loads libopenblas.so.0 at the first call. Throws std::runtime_error if it can't be loaded.
  static const OpenBlas& instance();

  /// C ← A·B (+ C) on the calling thread; A (m, k), B (k, n), C (m, n) with `stride` elements per
  /// row
  template <class T>
  void multiply(int64_t m, int64_t n, int64_t k, Matrix<T> a, Matrix<T> b, Update update, T* c,
                int64_t stride) const;
  /// The type of processor that it detects, such as "SkylakeX". A processor newer than the library
  /// counts as "Prescott" (2004), unless OPENBLAS_CORETYPE is set.
  std::string processor() const;

 private:
  OpenBlas();

  template <class T>
  using Multiply = void (*)(const char* transpose_a, const char* transpose_b, const int* m,
                            const int* n, const int* k, const T* alpha, const T* a,
                            const int* stride_a, const T* b, const int* stride_b, const T* beta,
                            T* c, const int* stride_c);

  Multiply<float> sgemm_;
  Multiply<double> dgemm_;
  const char* (*processor_)();
};

/// The library if the environment has GRADUS_BLAS=openblas, null if it is not set. Throws
/// std::runtime_error for other values.
const OpenBlas* chosen_openblas();

}  // namespace gradus::kernels
