// pow, logaddexp, atan2, fmod, remainder: more functions of two elements. Operands broadcast as in
// NumPy and PyTorch; both must have the same type, f32 or f64. Errors: std::invalid_argument.
#pragma once

#include "core/tensor.hpp"

namespace gradus {

/// x^exponent with the special cases of IEEE 754: 1 for exponent 0; NaN for x < 0 unless the
/// exponent is an integer. The derivative by x is exponent·x^(exponent − 1), 0 for exponent 0. That
/// by the exponent is x^exponent·log x: NaN for x < 0; at x = 0 it is 0 for exponents of 0 or more.
Tensor pow(const Tensor& x, const Tensor& exponent);
/// log(eᵃ + eᵇ), without overflow: −∞ with −∞ is −∞. Equal infinities get half of the gradient
/// each.
Tensor logaddexp(const Tensor& a, const Tensor& b);
/// The angle of the point (b, a) from the positive first axis, −π to π: arctan(a/b) in the
/// quadrants on the right. Signed zeros count: atan2(−0, −1) is −π. The derivatives at the origin
/// are 0.
Tensor atan2(const Tensor& a, const Tensor& b);
/// a − b·trunc(a/b), exactly: the remainder with the sign of a; NaN for b = 0. The derivative by b
/// is −trunc(a/b).
Tensor fmod(const Tensor& a, const Tensor& b);
/// a − b·floor(a/b): the remainder with the sign of b, as % of Python; NaN for b = 0. The
/// derivative by b is −floor(a/b).
Tensor remainder(const Tensor& a, const Tensor& b);

}  // namespace gradus
