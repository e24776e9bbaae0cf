// map_range, zip_range, update_range: loops over the elements of one or two arrays.
#pragma once

#include <cstdint>

#include "core/kernels/simd/vectorized.hpp"

namespace gradus::kernels {

// Elements per chunk of a thread: enough to outweigh the cost of waking it.
inline constexpr int64_t elementwise_grain = 1 << 15;

// "flatten" inlines f, however long it is: a loop with a call isn't vectorized.

/// y[i] = f(x[i]); n elements
template <class T, class F, class Result = T>
[[gnu::flatten]] void map_range(int64_t n, const T* x, Result* y, F f) {
  for (int64_t i = 0; i < n; ++i) y[i] = static_cast<Result>(f(x[i]));
}

/// y[i] = f(a[i·step_a], b[i·step_b]); n elements; one step is 1, the other 1 or 0
template <class T, class F, class Result = T>
[[gnu::flatten]] void zip_range(int64_t n, const T* a, int64_t step_a, const T* b, int64_t step_b,
                                Result* y, F f) {
  if (step_a == 1 && step_b == 1) {
    for (int64_t i = 0; i < n; ++i) y[i] = static_cast<Result>(f(a[i], b[i]));
  } else if (step_a == 1) {
    const T v = *b;
    for (int64_t i = 0; i < n; ++i) y[i] = static_cast<Result>(f(a[i], v));
  } else {
    const T u = *a;
    for (int64_t i = 0; i < n; ++i) y[i] = static_cast<Result>(f(u, b[i]));
  }
}

/// y[i] = f(y[i], x[i]); n elements
template <class T, class F>
[[gnu::flatten]] void update_range(int64_t n, const T* x, T* y, F f) {
  for (int64_t i = 0; i < n; ++i) y[i] = static_cast<T>(f(y[i], x[i]));
}

}  // namespace gradus::kernels
