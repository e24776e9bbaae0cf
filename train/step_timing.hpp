// time_steps: measures training steps; flops_per_image: counts their floating-point operations.
#pragma once

#include "data/dataset.hpp"
#include "layers/sequential.hpp"
#include "optim/optimizer.hpp"

namespace gradus::train {

/// Steps that are not timed.
inline constexpr int64_t warmup_steps = 5;

/// The milliseconds of each of `steps` training steps on `batches` in turn, after `warmup_steps`.
std::vector<double> time_steps(layers::Sequential& model, optim::Optimizer& optimizer,
                               const std::vector<data::Batch>& batches, int64_t steps);

/// The operations of a training step for one image: the multiply-adds of dense and convolution
/// layers, forward and backward, each counted as 2.
int64_t flops_per_image(layers::Sequential& model, const Shape& input);

}  // namespace gradus::train
