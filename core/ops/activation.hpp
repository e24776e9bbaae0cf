// relu, gelu, sigmoid: with the others here, activation functions of each element. Errors:
// std::invalid_argument.
#pragma once

#include "core/tensor.hpp"

namespace gradus {

/// max(x, 0); the derivative at 0 is 0.
Tensor relu(const Tensor& x);
/// min(max(x, 0), 6); the derivative is 1 inside the open interval.
Tensor relu6(const Tensor& x);
/// x if x > 0, else negative_slope·x (Maas et al. 2013).
Tensor leaky_relu(const Tensor& x, double negative_slope = 0.01);
/// x if x > 0, else weight·x (He et al. 2015); `weight` has one element, or one for each channel
/// (dimension 1 of x; dimension 0 of a vector).
Tensor prelu(const Tensor& x, const Tensor& weight);
/// x if x > 0, else alpha·(eˣ − 1) (Clevert et al. 2016).
Tensor elu(const Tensor& x, double alpha = 1);
/// 1.0507·elu(x, 1.67326) (Klambauer et al. 2017).
Tensor selu(const Tensor& x);
/// x·Φ(x) with the normal distribution function Φ (Hendrycks and Gimpel 2016), exact (by erf).
Tensor gelu(const Tensor& x);
/// ½x(1 + tanh(√(2/π)(x + 0.044715x³))), which comes near gelu(x); PyTorch's approximate="tanh".
Tensor gelu_tanh(const Tensor& x);
/// x·sigmoid(x), also called swish.
Tensor silu(const Tensor& x);
/// x·tanh(softplus(x)) (Misra 2019).
Tensor mish(const Tensor& x);
/// x·relu6(x + 3)/6 (Howard et al. 2019); the derivative is 0 at −3 and 1 at 3.
Tensor hardswish(const Tensor& x);
/// log(1 + eˣ), without overflow.
Tensor softplus(const Tensor& x);
/// 1/(1 + e^(−x)).
Tensor sigmoid(const Tensor& x);
/// (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ).
Tensor tanh(const Tensor& x);
/// min(max(x, low), high); the derivative is 1 for low < x < high, else 0. Throws unless low <
/// high.
Tensor hardtanh(const Tensor& x, double low = -1, double high = 1);

}  // namespace gradus
