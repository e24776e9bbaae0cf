// map, zip, update: apply a function to every element or pair of elements, not recorded; for the
// implementation of operations.
#pragma once

#include "core/kernels/elementwise.hpp"
#include "core/tensor.hpp"

namespace gradus::detail {

/// The loop of a function f over n elements of one type. The code around it is compiled once for
/// all functions, so it knows neither f nor the type. Steps, in elements, are 1, or 0 if an operand
/// repeats.
using MapLoop = void (*)(const void* f, int64_t n, const void* x, void* y);
using ZipLoop = void (*)(const void* f, int64_t n, const void* a, int64_t step_a, const void* b,
                         int64_t step_b, void* y);

/// A function's loops for f32 and f64.
template <class Loop>
struct Loops {
  const void* f;
  Loop f32, f64;
};

Tensor map(std::string_view operation, const Tensor& x, const Loops<MapLoop>& loops);
Tensor zip(std::string_view operation, const Tensor& a, const Tensor& b,
           const Loops<ZipLoop>& loops);
void update(std::string_view operation, Tensor& y, const Tensor& x, const Loops<MapLoop>& loops);

template <class T, class F>
void map_loop(const void* f, int64_t n, const void* x, void* y) {
  kernels::vectorized<kernels::map_range<T, F>>(n, static_cast<const T*>(x), static_cast<T*>(y),
                                                *static_cast<const F*>(f));
}

template <class T, class F>
void zip_loop(const void* f, int64_t n, const void* a, int64_t step_a, const void* b,
              int64_t step_b, void* y) {
  kernels::vectorized<kernels::zip_range<T, F>>(n, static_cast<const T*>(a), step_a,
                                                static_cast<const T*>(b), step_b,
                                                static_cast<T*>(y), *static_cast<const F*>(f));
}

template <class T, class F>
void update_loop(const void* f, int64_t n, const void* x, void* y) {
  kernels::vectorized<kernels::update_range<T, F>>(n, static_cast<const T*>(x), static_cast<T*>(y),
                                                   *static_cast<const F*>(f));
}

/// f of every element, in a new tensor. Throws std::invalid_argument naming `operation` for i64.
template <class F>
Tensor map(std::string_view operation, const Tensor& x, F f) {
  return map(operation, x, Loops<MapLoop>{&f, map_loop<float, F>, map_loop<double, F>});
}

/// f of every pair of elements, broadcast, in a new tensor. Throws std::invalid_argument naming
/// `operation` if the types differ or the shapes don't broadcast.
template <class F>
Tensor zip(std::string_view operation, const Tensor& a, const Tensor& b, F f) {
  return zip(operation, a, b, Loops<ZipLoop>{&f, zip_loop<float, F>, zip_loop<double, F>});
}

/// Replaces every element of y by f(y, x); y and x must have the same shape and type.
template <class F>
void update(std::string_view operation, Tensor& y, const Tensor& x, F f) {
  update(operation, y, x, Loops<MapLoop>{&f, update_loop<float, F>, update_loop<double, F>});
}

/// 1 (i64) where f holds for an element of x, f32 or f64, else 0: a condition for where().
template <class F>
Tensor condition(std::string_view operation, const Tensor& x, F f) {
  Tensor y = Tensor::empty(x.shape(), DType::i64);
  dispatch_floating(operation, x.dtype(), [&]<class T>(T) {
    const T* from = x.data<T>();
    int64_t* to = y.mutable_data<int64_t>();
    for (int64_t i = 0; i < y.numel(); ++i) to[i] = f(from[i]);
  });
  return y;
}

}  // namespace gradus::detail
