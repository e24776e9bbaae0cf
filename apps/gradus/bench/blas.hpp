// The product of matrices as the BLAS computes it, to compare with.
#pragma once

#include <cstdint>
#include <string>

#include "apps/gradus/bench/kernel_rows.hpp"

namespace gradus::app {

/// `count` products of (m, k) by (k, n), each operand read transposed or not.
struct Products {
  int64_t count, m, n, k;
  bool transposed_a, transposed_b;

  double flops() const { return 2.0 * static_cast<double>(count * m * n * k); }
};

/// The products on all threads, each call of the BLAS on one: several are divided by their number,
/// a single one as kernels::gemm divides its own. Several have the same operands, which are in the
/// cache then: the most that a convolution by products can reach.
Body blas(const Products& products);

/// "OpenBLAS for SkylakeX": the processor that it takes this one for. One that is newer than the
/// library counts as "Prescott", of 2004, unless OPENBLAS_CORETYPE names another.
std::string blas_name();

}  // namespace gradus::app
