#include "apps/gradus/bench/blas.hpp"

#include <algorithm>
#include <memory>

#include "core/kernels/gemm/gemm.hpp"
#include "core/random.hpp"
#include "core/storage.hpp"

namespace gradus::app {
namespace {

using kernels::Matrix;

// C ← A·B
void multiply(int64_t m, int64_t n, int64_t k, Matrix<float> a, Matrix<float> b, float* c,
              int64_t stride) {
  kernels::OpenBlas::instance().multiply(m, n, k, a, b, kernels::Update::replace, c, stride);
}

// A few products a chunk, so that dividing them costs nothing.
Body many(const Products& p, Matrix<float> a, Matrix<float> b) {
  constexpr int64_t least_work = 1 << 18;
  const int64_t grain = std::max<int64_t>(1, least_work / (p.m * p.n * p.k));
  return [=] {
    parallel_for(p.count, grain, [&](int64_t begin, int64_t end) {
      const Storage memory(static_cast<std::size_t>(p.m * p.n) * sizeof(float));
      float* c = reinterpret_cast<float*>(memory.data());
      for (int64_t i = begin; i < end; ++i) multiply(p.m, p.n, p.k, a, b, c, p.n);
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
        multiply(p.m, end - begin, p.k, a, b.from(0, begin), c + begin, p.n);
      else
        multiply(end - begin, p.n, p.k, a.from(begin, 0), b, c + begin * p.n, p.n);
    });
  };
}

}  // namespace

Body blas(const Products& p) {
  Rng rng(1);
  const Tensor a = randn({p.m, p.k}, rng), b = randn({p.k, p.n}, rng);
  const Matrix<float> left{a.data<float>(), p.transposed_a ? p.m : p.k, p.transposed_a};
  const Matrix<float> right{b.data<float>(), p.transposed_b ? p.k : p.n, p.transposed_b};
  return [a, b, body = p.count > 1 ? many(p, left, right) : one(p, left, right)] { body(); };
}

}  // namespace gradus::app
