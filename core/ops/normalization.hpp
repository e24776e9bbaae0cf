// Normalization of activations. Errors: std::invalid_argument.
#pragma once

#include "core/tensor.hpp"

namespace gradus {

struct BatchNormOptions {
  bool training = true;   ///< normalize by the batch; otherwise by the running statistics
  double momentum = 0.1;  ///< weight of the new value in the running statistics, 0 … 1
  double eps = 1e-5;      ///< added to the variance; positive
};

/// Ioffe and Szegedy 2015: for each channel (dimension 1 of x), (x − μ)/√(σ² + ε)·weight + bias,
/// with mean and biased variance over all other dimensions. While training, running ← (1 −
/// momentum)· running + momentum·batch, with the unbiased variance. weight, bias (C) may be
/// undefined, and so may both running statistics while training. Throws for fewer than two values a
/// channel while training.
Tensor batch_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, Tensor running_mean,
                  Tensor running_var, const BatchNormOptions& options = {});

/// Ba et al. 2016: (x − μ)/√(σ² + ε)·weight + bias with mean and biased variance over the last
/// dimensions, whose extents are `normalized_shape`, that of weight and bias (which may be
/// undefined).
Tensor layer_norm(const Tensor& x, const Shape& normalized_shape, const Tensor& weight = Tensor(),
                  const Tensor& bias = Tensor(), double eps = 1e-5);

}  // namespace gradus
