// sum, arg_extreme, cumsum, recurrence: along one dimension, in an order that depends only on the
// shape.
#pragma once

#include <cstdint>

namespace gradus::kernels {

/// y[o, i] = Σⱼ x[o, j, i], of int64_t modulo 2⁶⁴; x (outer, n, inner), y (outer, inner)
template <class T>
void sum(int64_t outer, int64_t n, int64_t inner, const T* x, T* y);
template <>
void sum(int64_t outer, int64_t n, int64_t inner, const int64_t* x, int64_t* y);

/// at[o, i] = the first j with the largest x[o, j, i], or the `smallest`; NaN comes before all
/// other values; x (outer, n, inner), n ≥ 1, at (outer, inner)
template <class T>
void arg_extreme(int64_t outer, int64_t n, int64_t inner, bool smallest, const T* x, int64_t* at);

/// y[o, j, i] = Σ x[o, k, i], of int64_t modulo 2⁶⁴, over k ≤ j, or over k ≥ j when `backward`; x,
/// y (outer, n, inner)
template <class T>
void cumsum(int64_t outer, int64_t n, int64_t inner, bool backward, const T* x, T* y);

/// y[o, j, i] = a[o, j, i] + c[o, j, i]·y[o, j − 1, i], or y[o, j + 1, i] when `backward`, `start`
/// beyond the ends; a, c, y (outer, n, inner)
template <class T>
void recurrence(int64_t outer, int64_t n, int64_t inner, bool backward, double start, const T* a,
                const T* c, T* y);

}  // namespace gradus::kernels
