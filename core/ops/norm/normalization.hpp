// batch_norm, layer_norm, group_norm …: normalization of activations. Errors:
// std::invalid_argument.
#pragma once

#include "core/ops/pooling.hpp"

namespace gradus {

/// Options of batch_norm() and batch_norm_max_pool2d().
struct BatchNormOptions {
  bool training = true;   ///< normalize by the batch; otherwise by the running statistics
  double momentum = 0.1;  ///< weight of the new value in the running statistics, 0 … 1
  double eps = 1e-5;      ///< added to the variance; positive
};

/// Ioffe and Szegedy 2015: for each channel (dimension 1 of x), (x − μ)/√(σ² + ε)·weight + bias,
/// with mean and biased variance over all other dimensions. In training, running ← (1 −
/// momentum)·running + momentum·batch, with the unbiased variance. weight, bias (C) may be
/// undefined; in training also both running statistics. Throws for fewer than two values per
/// channel in training.
Tensor batch_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, Tensor running_mean,
                  Tensor running_var, const BatchNormOptions& options = {});

/// max_pool2d(batch_norm(x, …), pooling) for images, with the same errors. In training with
/// adjacent windows of 2×2 it needs a third of the passes over memory, and the normalized images
/// are never stored.
Tensor batch_norm_max_pool2d(const Tensor& x, const Tensor& weight, const Tensor& bias,
                             Tensor running_mean, Tensor running_var,
                             const BatchNormOptions& options = {},
                             const PoolingOptions& pooling = {});

/// Ba et al. 2016: (x − μ)/√(σ² + ε)·weight + bias with mean and biased variance over the last
/// dimensions, whose extents are `normalized_shape`, that of weight and bias (which may be
/// undefined).
Tensor layer_norm(const Tensor& x, const Shape& normalized_shape, const Tensor& weight = Tensor(),
                  const Tensor& bias = Tensor(), double eps = 1e-5);

/// Zhang and Sennrich 2019: x/√(mean x² + ε)·weight over the last dimensions, as in layer_norm, but
/// without mean and bias.
Tensor rms_norm(const Tensor& x, const Shape& normalized_shape, const Tensor& weight = Tensor(),
                double eps = 1e-5);

/// Wu and He 2018: (x − μ)/√(σ² + ε)·weight + bias for x (N, C, …), with mean and biased variance
/// of each sample over each of `groups` groups of C/groups neighbouring channels and all their
/// pixels. weight, bias (C) may be undefined. One group has layer norm's statistics over
/// (C, …), C groups are instance norm. Throws unless groups ≥ 1 divides C and a group has two
/// values or more.
Tensor group_norm(const Tensor& x, int64_t groups, const Tensor& weight = Tensor(),
                  const Tensor& bias = Tensor(), double eps = 1e-5);

/// Options of instance_norm().
struct InstanceNormOptions {
  bool use_input_stats =
      true;               ///< normalize by the input's statistics; otherwise by the running ones
  double momentum = 0.1;  ///< weight of the new value in the running statistics, 0 … 1
  double eps = 1e-5;      ///< added to the variance; positive
};

/// Ulyanov et al. 2016: (x − μ)/√(σ² + ε)·weight + bias for x (N, C, …), with mean and biased
/// variance of each channel of each sample. weight, bias (C) may be undefined. Defined running
/// statistics are updated by the means over samples of μ and of the unbiased variance. Throws for a
/// single value per channel of a sample, and without any statistics.
Tensor instance_norm(const Tensor& x, const Tensor& weight = Tensor(),
                     const Tensor& bias = Tensor(), Tensor running_mean = Tensor(),
                     Tensor running_var = Tensor(), const InstanceNormOptions& options = {});

/// Options of batch_renorm().
struct BatchRenormOptions {
  bool training = true;  ///< normalize by the batch, corrected; otherwise by the running statistics
  bool update = true;    ///< training updates the running statistics after using them
  double momentum = 0.01;  ///< weight of the new value in the running statistics, 0 … 1
  double eps = 1e-5;       ///< added to the variance; positive
  double r_max = 3;        ///< largest correction of the deviation, 1 or more
  double d_max = 5;        ///< largest correction of the mean, in deviations, 0 or more
};

/// Ioffe 2017: ((x − μ_B)/σ_B·r + d)·weight + bias for each channel, with r = σ_B/σ within
/// [1/r_max, r_max] and d = (μ_B − μ)/σ within ±d_max, which are constants for the gradient. μ_B
/// and σ_B = √(variance + ε) belong to the batch, μ and σ to the running statistics. With r_max = 1
/// and d_max = 0 it is batch_norm; without limits it normalizes by the running statistics. weight,
/// bias (C) may be undefined. Throws like batch_norm, and always needs running statistics.
Tensor batch_renorm(const Tensor& x, const Tensor& weight, const Tensor& bias, Tensor running_mean,
                    Tensor running_var, const BatchRenormOptions& options = {});

/// Options of local_response_norm().
struct LocalResponseNormOptions {
  int64_t size = 5;     ///< channels of a window, 1 or more
  double alpha = 1e-4;  ///< weight of the squares, 0 or more
  double beta = 0.75;   ///< exponent
  double k = 1;         ///< added to the squares; positive
  bool mean = true;     ///< α multiplies the mean, as in PyTorch; otherwise the sum (AlexNet)
};

/// Krizhevsky et al. 2012: x/(k + α/size·Σ x²)^β for x (N, C, …), with the sum over the window of
/// `size` channels c − ⌊size/2⌋ … c + ⌊(size − 1)/2⌋; channels outside count as 0. Without `mean`
/// the factor is α instead of α/size. The paper has size 5, α 1e-4 (of the sum), β 0.75, k 2.
Tensor local_response_norm(const Tensor& x, const LocalResponseNormOptions& options = {});

}  // namespace gradus
