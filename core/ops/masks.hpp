// eq, lt, logical_and, isnan, where, masked_fill …: comparisons, and what their masks choose. A
// mask is a bool tensor. Operands broadcast as in elementwise.hpp and must have the same type; f32,
// f64 and i64 are compared, for eq and ne also bool. An argument of type double is a constant of
// the tensor's type. Errors: std::invalid_argument.
#pragma once

#include "core/ops/elementwise.hpp"

namespace gradus {

/// a = b, for each element; false for NaN.
Tensor eq(const Tensor& a, const Tensor& b);
/// a ≠ b; true for NaN.
Tensor ne(const Tensor& a, const Tensor& b);
/// a < b; false for NaN.
Tensor lt(const Tensor& a, const Tensor& b);
/// a ≤ b; false for NaN.
Tensor le(const Tensor& a, const Tensor& b);
/// a > b; false for NaN.
Tensor gt(const Tensor& a, const Tensor& b);
/// a ≥ b; false for NaN.
Tensor ge(const Tensor& a, const Tensor& b);

/// Both; for masks.
Tensor logical_and(const Tensor& a, const Tensor& b);
/// One or both; for masks.
Tensor logical_or(const Tensor& a, const Tensor& b);
/// One, but not both; for masks.
Tensor logical_xor(const Tensor& a, const Tensor& b);
/// True where the mask is false.
Tensor logical_not(const Tensor& mask);

/// Where x is NaN.
Tensor isnan(const Tensor& x);
/// Where x is +∞ or −∞.
Tensor isinf(const Tensor& x);
/// Where x is neither NaN nor infinite.
Tensor isfinite(const Tensor& x);

/// Whether shapes, types and all elements are equal; NaN isn't equal to NaN.
bool equal(const Tensor& a, const Tensor& b);

/// Options of allclose().
struct CloseOptions {
  double rtol = 1e-5;      ///< relative to |b|
  double atol = 1e-8;      ///< absolute
  bool equal_nan = false;  ///< whether NaN is close to NaN
};

/// Whether |a − b| ≤ atol + rtol·|b| for all elements, broadcast; infinities are close to
/// themselves.
bool allclose(const Tensor& a, const Tensor& b, const CloseOptions& options = {});

/// a where the mask is true, b elsewhere; all three broadcast; a and b of any one type. The
/// gradient of the value that isn't taken is 0, and 0 times a derivative that is infinite or NaN is
/// NaN: choose the argument too, as in where(c, log(where(c, x, 1)), 0).
Tensor where(const Tensor& mask, const Tensor& a, const Tensor& b);
/// The same with a constant.
Tensor where(const Tensor& mask, const Tensor& a, double b);
/// The same with a constant.
Tensor where(const Tensor& mask, double a, const Tensor& b);
/// x with `value` where the mask, which broadcasts to x, is true.
Tensor masked_fill(const Tensor& x, const Tensor& mask, double value);
/// The elements of x where the mask, which broadcasts to x, is true: a vector, in x's order.
Tensor masked_select(const Tensor& x, const Tensor& mask);
/// The indices of the elements that are true, i64 (n, mask.rank()), in their order.
Tensor nonzero(const Tensor& mask);

/// eq(a, b).
inline Tensor operator==(const Tensor& a, const Tensor& b) {
  return eq(a, b);
}
/// ne(a, b).
inline Tensor operator!=(const Tensor& a, const Tensor& b) {
  return ne(a, b);
}
/// lt(a, b).
inline Tensor operator<(const Tensor& a, const Tensor& b) {
  return lt(a, b);
}
/// le(a, b).
inline Tensor operator<=(const Tensor& a, const Tensor& b) {
  return le(a, b);
}
/// gt(a, b).
inline Tensor operator>(const Tensor& a, const Tensor& b) {
  return gt(a, b);
}
/// ge(a, b).
inline Tensor operator>=(const Tensor& a, const Tensor& b) {
  return ge(a, b);
}
/// The comparison with a constant, for each element.
Tensor operator==(const Tensor& x, double c);
/// The same.
Tensor operator!=(const Tensor& x, double c);
/// The same.
Tensor operator<(const Tensor& x, double c);
/// The same.
Tensor operator<=(const Tensor& x, double c);
/// The same.
Tensor operator>(const Tensor& x, double c);
/// The same.
Tensor operator>=(const Tensor& x, double c);
/// The same.
inline Tensor operator==(double c, const Tensor& x) {
  return x == c;
}
/// The same.
inline Tensor operator!=(double c, const Tensor& x) {
  return x != c;
}
/// The same.
inline Tensor operator<(double c, const Tensor& x) {
  return x > c;
}
/// The same.
inline Tensor operator<=(double c, const Tensor& x) {
  return x >= c;
}
/// The same.
inline Tensor operator>(double c, const Tensor& x) {
  return x < c;
}
/// The same.
inline Tensor operator>=(double c, const Tensor& x) {
  return x <= c;
}

/// logical_and(a, b).
inline Tensor operator&(const Tensor& a, const Tensor& b) {
  return logical_and(a, b);
}
/// logical_or(a, b).
inline Tensor operator|(const Tensor& a, const Tensor& b) {
  return logical_or(a, b);
}
/// logical_xor(a, b).
inline Tensor operator^(const Tensor& a, const Tensor& b) {
  return logical_xor(a, b);
}
/// logical_not(mask).
inline Tensor operator!(const Tensor& mask) {
  return logical_not(mask);
}

}  // namespace gradus
