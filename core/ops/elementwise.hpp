// add, mul, exp, cast …: arithmetic and mathematical functions of each element. Operands broadcast
// as in NumPy and PyTorch: aligned at the last dimension, extents equal or 1. Both must have the
// same type, f32 or f64; an argument of type double is a constant. Sums, differences, products and
// negatives are also those of i64, modulo 2⁶⁴ (they wrap around), with whole numbers as constants,
// and maximum and minimum. Errors: std::invalid_argument.
#pragma once

#include "core/tensor.hpp"

namespace gradus {

/// a + b.
Tensor add(const Tensor& a, const Tensor& b);
/// a − b.
Tensor sub(const Tensor& a, const Tensor& b);
/// a·b.
Tensor mul(const Tensor& a, const Tensor& b);
/// a/b.
Tensor div(const Tensor& a, const Tensor& b);
/// The larger of each pair; if they are equal, each gets half of the gradient.
Tensor maximum(const Tensor& a, const Tensor& b);
/// The smaller of each pair; if they are equal, each gets half of the gradient.
Tensor minimum(const Tensor& a, const Tensor& b);
/// x + c.
Tensor add(const Tensor& x, double c);
/// x − c.
Tensor sub(const Tensor& x, double c);
/// c − x.
Tensor sub(double c, const Tensor& x);
/// c·x.
Tensor mul(const Tensor& x, double c);
/// x/c, computed as x·(1/c).
Tensor div(const Tensor& x, double c);
/// c/x, computed as c·(1/x).
Tensor div(double c, const Tensor& x);
/// scale·x + shift.
Tensor affine(const Tensor& x, double scale, double shift);
/// eˣ.
Tensor exp(const Tensor& x);
/// The natural logarithm: −∞ at 0, NaN below.
Tensor log(const Tensor& x);
/// √x: NaN below 0.
Tensor sqrt(const Tensor& x);
/// 1/√x.
Tensor rsqrt(const Tensor& x);
/// |x|; the derivative at 0 is 0.
Tensor abs(const Tensor& x);
/// −x.
Tensor neg(const Tensor& x);
/// x².
Tensor square(const Tensor& x);
/// 1/x.
Tensor reciprocal(const Tensor& x);
/// The sine of x in radians.
Tensor sin(const Tensor& x);
/// The cosine of x in radians.
Tensor cos(const Tensor& x);
/// The error function 2/√π ∫₀ˣ e^(−t²) dt.
Tensor erf(const Tensor& x);
/// x^exponent; the derivative exponent·x^(exponent−1) is 0 for exponent 0.
Tensor pow(const Tensor& x, double exponent);
/// min(max(x, low), high); the derivative is 1 on the closed interval. Throws unless low ≤ high.
Tensor clamp(const Tensor& x, double low, double high);
/// 1 where x > 0, else 0; the derivative is 0.
Tensor step(const Tensor& x);
/// −1, 0 or 1; the derivative is 0.
Tensor sign(const Tensor& x);
/// x converted to another type; x itself if it has that type already. To i64, fractions are cut
/// off, and a number that has no i64 is an error; to bool, all numbers but 0 are true. No gradient
/// flows through i64 and bool.
Tensor cast(const Tensor& x, DType dtype);

/// sum += x, not recorded; both must have the same shape and type.
void add_in_place(Tensor& sum, const Tensor& x);

/// add(a, b).
inline Tensor operator+(const Tensor& a, const Tensor& b) {
  return add(a, b);
}
/// sub(a, b).
inline Tensor operator-(const Tensor& a, const Tensor& b) {
  return sub(a, b);
}
/// mul(a, b).
inline Tensor operator*(const Tensor& a, const Tensor& b) {
  return mul(a, b);
}
/// div(a, b).
inline Tensor operator/(const Tensor& a, const Tensor& b) {
  return div(a, b);
}
/// neg(x).
inline Tensor operator-(const Tensor& x) {
  return neg(x);
}
/// x + c for each element.
inline Tensor operator+(const Tensor& x, double c) {
  return add(x, c);
}
/// c + x for each element.
inline Tensor operator+(double c, const Tensor& x) {
  return add(x, c);
}
/// x − c for each element.
inline Tensor operator-(const Tensor& x, double c) {
  return sub(x, c);
}
/// c − x for each element.
inline Tensor operator-(double c, const Tensor& x) {
  return sub(c, x);
}
/// x·c for each element.
inline Tensor operator*(const Tensor& x, double c) {
  return mul(x, c);
}
/// c·x for each element.
inline Tensor operator*(double c, const Tensor& x) {
  return mul(x, c);
}
/// x/c for each element, computed as x·(1/c).
inline Tensor operator/(const Tensor& x, double c) {
  return div(x, c);
}
/// c/x for each element, computed as c·(1/x).
inline Tensor operator/(double c, const Tensor& x) {
  return div(c, x);
}

namespace detail {
/// Throws unless `value` can be a constant beside elements of `dtype`: i64 needs a whole
/// number, bool 0 or 1.
void require_constant(std::string_view operation, DType dtype, double value);
}  // namespace detail

}  // namespace gradus
