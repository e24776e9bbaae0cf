// log1p, expm1, floor, ceil, round, lgamma, digamma, polygamma: more functions of each element, f32
// or f64. Errors: std::invalid_argument.
#pragma once

#include "core/tensor.hpp"

namespace gradus {

/// log(1 + x), exact also near 0: −∞ at −1, NaN below.
Tensor log1p(const Tensor& x);
/// eˣ − 1, exact also near 0.
Tensor expm1(const Tensor& x);
/// The largest integer that isn't above x; the derivative is 0.
Tensor floor(const Tensor& x);
/// The smallest integer that isn't below x; the derivative is 0.
Tensor ceil(const Tensor& x);
/// The nearest integer, of two the even one; the derivative is 0.
Tensor round(const Tensor& x);
/// log |Γ(x)|, of negative x too: infinity at ±∞, 0 and the negative integers. The derivative is
/// digamma.
Tensor lgamma(const Tensor& x);
/// The derivative of log |Γ(x)|: ∓∞ at ±0, NaN at the negative integers and at −∞. Its derivative
/// is polygamma(1, x).
Tensor digamma(const Tensor& x);
/// The derivative of digamma of the given order; order 1 is trigamma. At the negative integers it
/// is infinity for odd orders and NaN for even ones. Throws unless order ≥ 0.
Tensor polygamma(int order, const Tensor& x);

}  // namespace gradus
