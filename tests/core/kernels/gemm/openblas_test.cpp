#include "core/kernels/gemm/openblas.hpp"

#include <doctest/doctest.h>

#include "core/kernels/gemm/gemm.hpp"
#include "core/random.hpp"

using namespace gradus;
using kernels::Matrix;
using kernels::Update;

TEST_CASE_TEMPLATE("products agree with OpenBLAS for every kind of operand", T, float, double) {
  Rng rng(1);
  const double tolerance = sizeof(T) == 4 ? 1e-4 : 1e-12;
  for (const auto& [m, n, k] : {std::array<int64_t, 3>{1, 1, 1}, {3, 70, 300}, {65, 33, 17}})
    for (const bool transposed_a : {false, true})
      for (const bool transposed_b : {false, true})
        for (const Update update : {Update::replace, Update::add}) {
          const Tensor a = randn({m * k}, rng, dtype_of<T>), b = randn({k * n}, rng, dtype_of<T>);
          Tensor own = Tensor::ones({m * n}, dtype_of<T>), other = own.clone();
          const Matrix<T> left{a.data<T>(), transposed_a ? m : k, transposed_a};
          const Matrix<T> right{b.data<T>(), transposed_b ? k : n, transposed_b};
          kernels::gemm(m, n, k, left, right, update, own.mutable_data<T>(), n);
          kernels::OpenBlas::instance().multiply(m, n, k, left, right, update,
                                                 other.mutable_data<T>(), n);
          for (int64_t i = 0; i < m * n; ++i)
            CHECK(own.data<T>()[i] == doctest::Approx(other.data<T>()[i]).epsilon(tolerance));
        }
}
