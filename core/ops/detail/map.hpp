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

/// A function's loops by the operands' type; null where it has none.
template <class Loop>
struct Loops {
  const void* f;
  Loop f32, f64, i64 = nullptr, boolean = nullptr;
};

/// The loops' results have the type `result`. Throw std::invalid_argument naming `operation` for a
/// type without a loop.
Tensor map(const char* operation, const Tensor& x, const Loops<MapLoop>& loops, DType result);
Tensor zip(const char* operation, const Tensor& a, const Tensor& b, const Loops<ZipLoop>& loops,
           DType result);
void update(const char* operation, Tensor& y, const Tensor& x, const Loops<MapLoop>& loops);

template <class T, class F, class Result = T>
void map_loop(const void* f, int64_t n, const void* x, void* y) {
  kernels::vectorized<kernels::map_range<T, F, Result>>(
      n, static_cast<const T*>(x), static_cast<Result*>(y), *static_cast<const F*>(f));
}

template <class T, class F, class Result = T>
void zip_loop(const void* f, int64_t n, const void* a, int64_t step_a, const void* b,
              int64_t step_b, void* y) {
  kernels::vectorized<kernels::zip_range<T, F, Result>>(
      n, static_cast<const T*>(a), step_a, static_cast<const T*>(b), step_b,
      static_cast<Result*>(y), *static_cast<const F*>(f));
}

template <class T, class F>
void update_loop(const void* f, int64_t n, const void* x, void* y) {
  kernels::vectorized<kernels::update_range<T, F>>(n, static_cast<const T*>(x), static_cast<T*>(y),
                                                   *static_cast<const F*>(f));
}

/// f of every element, in a new tensor. For i64, `Integer` is int64_t, or uint64_t for results
/// modulo 2⁶⁴; without it, i64 is an error.
template <class Integer = void, class F>
Tensor map(const char* operation, const Tensor& x, F f) {
  Loops<MapLoop> loops{&f, map_loop<float, F>, map_loop<double, F>};
  if constexpr (!std::is_void_v<Integer>) loops.i64 = map_loop<Integer, F>;
  return map(operation, x, loops, x.dtype());
}

/// f of every pair of elements, broadcast, in a new tensor; the same types. Throws
/// std::invalid_argument naming `operation` if the types differ or the shapes don't broadcast.
template <class Integer = void, class F>
Tensor zip(const char* operation, const Tensor& a, const Tensor& b, F f) {
  Loops<ZipLoop> loops{&f, zip_loop<float, F>, zip_loop<double, F>};
  if constexpr (!std::is_void_v<Integer>) loops.i64 = zip_loop<Integer, F>;
  return zip(operation, a, b, loops, a.dtype());
}

/// Replaces every element of y by f(y, x); y and x must have the same shape and type.
template <class Integer = void, class F>
void update(const char* operation, Tensor& y, const Tensor& x, F f) {
  Loops<MapLoop> loops{&f, update_loop<float, F>, update_loop<double, F>};
  if constexpr (!std::is_void_v<Integer>) loops.i64 = update_loop<Integer, F>;
  update(operation, y, x, loops);
}

/// Where f holds for an element of x, f32 or f64: a mask.
template <class F>
Tensor condition(const char* operation, const Tensor& x, F f) {
  return map(operation, x, Loops<MapLoop>{&f, map_loop<float, F, bool>, map_loop<double, F, bool>},
             DType::boolean);
}

}  // namespace gradus::detail
