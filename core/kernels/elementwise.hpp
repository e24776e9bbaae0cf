// Loops over elements: one input, or two that broadcast.
#pragma once

#include <array>

#include "core/kernels/kernel.hpp"
#include "core/parallel.hpp"
#include "core/shape.hpp"
#include "core/tensor.hpp"

namespace gradus::kernels {

// Elements a thread takes at a time: enough to outweigh waking it.
constexpr int64_t elementwise_grain = 1 << 15;

/// y[i] = f(x[i]); n elements
template <class T, class F>
GRADUS_KERNEL void map_range(int64_t n, const T* x, T* y, F f) {
  for (int64_t i = 0; i < n; ++i) y[i] = static_cast<T>(f(x[i]));
}

/// y[i] = f(a[i·step_a], b[i·step_b]); n elements, steps 0 or 1
template <class T, class F>
GRADUS_KERNEL void zip_range(int64_t n, const T* a, int64_t step_a, const T* b, int64_t step_b,
                             T* y, F f) {
  if (step_a == 1 && step_b == 1) {
    for (int64_t i = 0; i < n; ++i) y[i] = static_cast<T>(f(a[i], b[i]));
  } else if (step_a == 1) {
    const T v = *b;
    for (int64_t i = 0; i < n; ++i) y[i] = static_cast<T>(f(a[i], v));
  } else if (step_b == 1) {
    const T u = *a;
    for (int64_t i = 0; i < n; ++i) y[i] = static_cast<T>(f(u, b[i]));
  } else {
    const T w = static_cast<T>(f(*a, *b));
    for (int64_t i = 0; i < n; ++i) y[i] = w;
  }
}

/// y[i] = f(y[i], x[i]); n elements
template <class T, class F>
GRADUS_KERNEL void update_range(int64_t n, const T* x, T* y, F f) {
  for (int64_t i = 0; i < n; ++i) y[i] = static_cast<T>(f(y[i], x[i]));
}

/// f of every element, in a new tensor.
template <class F>
Tensor map(std::string_view operation, const Tensor& x, F f) {
  Tensor y = Tensor::empty(x.shape(), x.dtype());
  dispatch_floating(operation, x.dtype(), [&]<class T>(T) {
    const T* from = x.data<T>();
    T* to = y.mutable_data<T>();
    parallel_for(x.numel(), elementwise_grain, [&](int64_t begin, int64_t end) {
      map_range(end - begin, from + begin, to + begin, f);
    });
  });
  return y;
}

/// f of every pair of elements, in the place of y, which is of x's shape and type.
template <class F>
void update(std::string_view operation, Tensor& y, const Tensor& x, F f) {
  dispatch_floating(operation, x.dtype(), [&]<class T>(T) {
    const T* from = x.data<T>();
    T* to = y.mutable_data<T>();
    parallel_for(x.numel(), elementwise_grain, [&](int64_t begin, int64_t end) {
      update_range(end - begin, from + begin, to + begin, f);
    });
  });
}

/// Two operands aligned to their common shape, neighbouring dimensions merged where both allow it:
/// the fewest and longest loops.
struct Broadcast {
  /// Throws std::invalid_argument naming `operation` when the shapes don't broadcast.
  Broadcast(std::string_view operation, const Shape& a, const Shape& b);

  Shape shape;
  int64_t rows = 1, columns = 1;   ///< outer elements, and those of the innermost loop
  int64_t step_a = 1, step_b = 1;  ///< of the innermost loop: 1, or 0 where the operand repeats

  /// The offsets at which a row starts.
  std::pair<int64_t, int64_t> offsets(int64_t row) const;

 private:
  int outer_ = 0;
  std::array<int64_t, Shape::max_rank> extent_{}, stride_a_{}, stride_b_{};
};

/// f of every pair of elements, broadcast, in a new tensor.
template <class F>
Tensor zip(std::string_view operation, const Tensor& a, const Tensor& b, F f) {
  require(a.dtype() == b.dtype(), operation, "operands are {} and {}", to_string(a.dtype()),
          to_string(b.dtype()));
  const Broadcast plan(operation, a.shape(), b.shape());
  Tensor y = Tensor::empty(plan.shape, a.dtype());
  dispatch_floating(operation, a.dtype(), [&]<class T>(T) {
    const T *from_a = a.data<T>(), *from_b = b.data<T>();
    T* to = y.mutable_data<T>();
    if (plan.rows == 1) {
      parallel_for(plan.columns, elementwise_grain, [&](int64_t begin, int64_t end) {
        zip_range(end - begin, from_a + begin * plan.step_a, plan.step_a,
                  from_b + begin * plan.step_b, plan.step_b, to + begin, f);
      });
      return;
    }
    const int64_t grain =
        std::max<int64_t>(1, elementwise_grain / std::max<int64_t>(1, plan.columns));
    parallel_for(plan.rows, grain, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) {
        const auto [offset_a, offset_b] = plan.offsets(row);
        zip_range(plan.columns, from_a + offset_a, plan.step_a, from_b + offset_b, plan.step_b,
                  to + row * plan.columns, f);
      }
    });
  });
  return y;
}

}  // namespace gradus::kernels
