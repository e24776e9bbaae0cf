// unary, unary_by_result, piecewise_constant: record a function of one element; for the
// implementation of operations.
#pragma once

#include "core/autograd.hpp"
#include "core/kernels/simd/error_function.hpp"
#include "core/kernels/simd/logarithm.hpp"
#include "core/kernels/simd/trigonometric.hpp"
#include "core/ops/detail/map.hpp"
#include "core/ops/elementwise.hpp"

namespace gradus::detail {

// The derivative is one generic lambda. It is called with a number (backward in one pass), or with
// a Tensor if the gradient is itself recorded.
template <class Derivative>
Tensor scaled_by(const char* operation, const Tensor& g, const Tensor& at, Derivative derivative) {
  if (grad_enabled()) return g * derivative(at);
  const auto scaled = [&](auto upstream, auto v) {
    return upstream * static_cast<decltype(v)>(derivative(v));
  };
  if (!g.is_unique()) return zip(operation, g, at, scaled);
  Tensor result = g;
  update(operation, result, at, scaled);
  return result;
}

/// Records value(x); the derivative is computed from x.
template <class Value, class Derivative>
Tensor unary(const char* operation, const Tensor& x, Value value, Derivative derivative) {
  return record(operation, {x}, map(operation, x, value),
                [operation, x = save(x), derivative](const Tensor& g) {
                  return scaled_by(operation, g, x, derivative);
                });
}

/// Records value(x); the derivative is computed from the result.
template <class Value, class Derivative>
Tensor unary_by_result(const char* operation, const Tensor& x, Value value, Derivative derivative) {
  return record(operation, {x}, map(operation, x, value),
                [operation, derivative](const Tensor& g, const Tensor& y) {
                  return scaled_by(operation, g, y, derivative);
                });
}

/// Records value(x), whose derivative is 0.
template <class Value>
Tensor piecewise_constant(const char* operation, const Tensor& x, Value value) {
  return record(operation, {x}, map(operation, x, value),
                [](const Tensor& g) { return Tensor::zeros(g.shape(), g.dtype()); });
}

// Overloads for numbers of functions that a derivative calls with numbers and tensors.
using kernels::cos;
using kernels::exp;
using kernels::sigmoid;
using kernels::sin;
using kernels::softplus;
using kernels::tanh;
template <class T>
requires std::is_floating_point_v<T> T step(T v) {
  return v > 0 ? T{1} : T{0};
}
template <class T>
requires std::is_floating_point_v<T> T sign(T v) {
  return v > 0 ? T{1} : v < 0 ? T{-1} : T{0};
}
template <class T>
requires std::is_floating_point_v<T> T pow(T v, double exponent) {
  return kernels::pow(v, static_cast<T>(exponent));
}
// Bounds are of the type of v, as in operations on tensors.
template <class T>
requires std::is_floating_point_v<T> T clamp(T v, double low, double high) {
  const T least = static_cast<T>(low), most = static_cast<T>(high);
  return v < least ? least : v > most ? most : v;
}
template <class T>
requires std::is_floating_point_v<T> T above(T v, double bound) {
  return step(v - static_cast<T>(bound));
}
template <class T>
requires std::is_floating_point_v<T> T below(T v, double bound) {
  return step(static_cast<T>(bound) - v);
}
inline Tensor above(const Tensor& v, double bound) {
  return gradus::step(v - bound);
}
inline Tensor below(const Tensor& v, double bound) {
  return gradus::step(bound - v);
}

}  // namespace gradus::detail
