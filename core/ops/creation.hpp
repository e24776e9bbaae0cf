// eye, linspace, arange, zeros_like, randint, multinomial …: new tensors. They don't require a
// gradient. Errors: std::invalid_argument.
#pragma once

#include <concepts>

#include "core/random.hpp"

namespace gradus {

/// Zeros (n, m) with ones where both indices are equal.
Tensor eye(int64_t n, int64_t m, DType dtype = DType::f32);
/// The same with m = n.
inline Tensor eye(int64_t n, DType dtype = DType::f32) {
  return eye(n, n, dtype);
}
/// n equally spaced numbers, of which `first` is the first and `last` the last; `first` alone for n
/// = 1. Each is computed in f64, from the nearer end. f32 or f64.
Tensor linspace(double first, double last, int64_t n, DType dtype = DType::f32);
/// start, start + step, … before `stop`: ⌈(stop − start)/step⌉ numbers, each computed in f64 as
/// start + i·step. Throws for a step that is 0 or leads away from `stop`, and for i64 unless start
/// and step are whole numbers.
Tensor arange(double start, double stop, double step = 1, DType dtype = DType::f32);
/// 0, 1, … count − 1, as Tensor::arange: the numbers of rows or classes, so i64.
Tensor arange(std::integral auto count, DType dtype = DType::i64) {
  return Tensor::arange(static_cast<int64_t>(count), dtype);
}

/// A tensor of the shape and type of x, filled with `value`.
inline Tensor full_like(const Tensor& x, double value) {
  return Tensor::full(x.shape(), value, x.dtype());
}
/// full_like(x, 0).
inline Tensor zeros_like(const Tensor& x) {
  return Tensor::zeros(x.shape(), x.dtype());
}
/// full_like(x, 1).
inline Tensor ones_like(const Tensor& x) {
  return Tensor::ones(x.shape(), x.dtype());
}
/// A tensor of the shape and type of x with uninitialized values.
inline Tensor empty_like(const Tensor& x) {
  return Tensor::empty(x.shape(), x.dtype());
}
/// A tensor of the shape and type of x (f32 or f64), uniform in [0, 1).
inline Tensor rand_like(const Tensor& x, Rng& rng) {
  return rand(x.shape(), rng, x.dtype());
}
/// A tensor of the shape and type of x (f32 or f64), standard normal.
inline Tensor randn_like(const Tensor& x, Rng& rng) {
  return randn(x.shape(), rng, x.dtype());
}

/// Whole numbers (i64) that are uniform in low … high − 1, without bias. Throws unless low < high
/// and high − low < 2^63.
Tensor randint(int64_t low, int64_t high, const Shape& shape, Rng& rng);

/// n classes drawn with probabilities proportional to the weights (C), or to those of each row of
/// weights (R, C) → i64 (n) or (R, n). With `replacement` the draws are independent; without, a
/// class that was drawn isn't drawn again, and the others keep their proportions. A class with
/// weight 0 is never drawn. Throws unless n ≥ 1, for weights that are negative, infinite or NaN,
/// for a row of zeros, and without replacement for fewer than n weights that aren't 0.
Tensor multinomial(const Tensor& weights, int64_t n, Rng& rng, bool replacement = false);

}  // namespace gradus
