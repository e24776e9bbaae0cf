// blas: the product of matrices as OpenBLAS computes it, to compare with.
#pragma once

#include <cstdint>
#include <functional>

namespace gradus::app {

/// What is timed.
using Body = std::function<void()>;

/// `count` products of (m, k) by (k, n), each operand read transposed or not.
struct Products {
  int64_t count, m, n, k;
  bool transposed_a, transposed_b;

  double flops() const { return 2.0 * static_cast<double>(count * m * n * k); }
};

/// The products on all threads, each call of OpenBLAS on one: several are divided by their number,
/// a single one as kernels::gemm divides its own. Several have the same operands, which are in the
/// cache then: the most that a convolution by products can reach.
Body blas(const Products& products);

}  // namespace gradus::app
