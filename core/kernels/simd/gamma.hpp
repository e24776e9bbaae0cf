// log_gamma, polygamma: the logarithm of the gamma function and its derivatives, for any argument.
// Those of f32 are computed in f64 and rounded once.
#pragma once

namespace gradus::kernels {

/// log |Γ(x)|; infinity at ±∞, 0 and the negative integers. The error is a few units of the last
/// place, also near the zeros at 1 and 2; near the zeros between negative integers it is as large
/// as for values near 1.
double log_gamma(double x);

/// The derivative of order n ≥ 0 of digamma, itself of order 0: the derivative of log |Γ(x)|. At
/// the negative integers it is infinity for odd n and NaN for even n, whose limits differ from side
/// to side; NaN at −∞.
double polygamma(int n, double x);

}  // namespace gradus::kernels
