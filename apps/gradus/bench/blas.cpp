#include "apps/gradus/bench/blas.hpp"

#include <algorithm>
#include <memory>

#include "core/kernels/gemm.hpp"
#include "core/random.hpp"
#include "core/storage.hpp"

extern "C" {
void sgemm_(const char* transpose_a, const char* transpose_b, const int* m, const int* n,
            const int* k, const float* alpha, const float* a, const int* stride_a, const float* b,
            const int* stride_b, const float* beta, float* c, const int* stride_c);
// Of OpenBLAS alone: the addresses are null with another library.
__attribute__((weak)) void openblas_set_num_threads(int threads);
__attribute__((weak)) const char* openblas_get_corename();
}

namespace gradus::app {
namespace {

using kernels::Matrix;

// C ← A·B; the BLAS counts by columns, and computes Cᵀ = Bᵀ·Aᵀ.
void sgemm(int64_t m, int64_t n, int64_t k, Matrix<float> a, Matrix<float> b, float* c,
           int64_t stride) {
  const auto flag = [](const Matrix<float>& matrix) { return matrix.transposed ? "T" : "N"; };
  const auto narrow = [](int64_t extent) { return static_cast<int>(extent); };
  const int rows = narrow(m), columns = narrow(n), depth = narrow(k);
  const int stride_a = narrow(a.stride), stride_b = narrow(b.stride), stride_c = narrow(stride);
  const float one = 1, zero = 0;
  sgemm_(flag(b), flag(a), &columns, &rows, &depth, &one, b.data, &stride_b, a.data, &stride_a,
         &zero, c, &stride_c);
}

// A few products a chunk, so that dividing them costs nothing.
Body many(const Products& p, Matrix<float> a, Matrix<float> b) {
  constexpr int64_t least_work = 1 << 18;
  const int64_t grain = std::max<int64_t>(1, least_work / (p.m * p.n * p.k));
  return [=] {
    parallel_for(p.count, grain, [&](int64_t begin, int64_t end) {
      const Storage memory(static_cast<std::size_t>(p.m * p.n) * sizeof(float));
      float* c = reinterpret_cast<float*>(memory.data());
      for (int64_t i = begin; i < end; ++i) sgemm(p.m, p.n, p.k, a, b, c, p.n);
    });
  };
}

Body one(const Products& p, Matrix<float> a, Matrix<float> b) {
  const auto memory =
      std::make_shared<Storage>(static_cast<std::size_t>(p.m * p.n) * sizeof(float));
  return [=, division = kernels::GemmDivision(p.m, p.n, p.k)] {
    float* c = reinterpret_cast<float*>(memory->data());
    parallel_for(division.length, division.grain, [&](int64_t begin, int64_t end) {
      if (division.by_columns)
        sgemm(p.m, end - begin, p.k, a, b.from(0, begin), c + begin, p.n);
      else
        sgemm(end - begin, p.n, p.k, a.from(begin, 0), b, c + begin * p.n, p.n);
    });
  };
}

}  // namespace

Body blas(const Products& p) {
  if (openblas_set_num_threads) openblas_set_num_threads(1);
  Rng rng(1);
  const Tensor a = randn({p.m, p.k}, rng), b = randn({p.k, p.n}, rng);
  const Matrix<float> left{a.data<float>(), p.transposed_a ? p.m : p.k, p.transposed_a};
  const Matrix<float> right{b.data<float>(), p.transposed_b ? p.k : p.n, p.transposed_b};
  return [a, b, body = p.count > 1 ? many(p, left, right) : one(p, left, right)] { body(); };
}

std::string blas_name() {
  return openblas_get_corename ? std::string("OpenBLAS for ") + openblas_get_corename()
                               : "not OpenBLAS";
}

}  // namespace gradus::app
