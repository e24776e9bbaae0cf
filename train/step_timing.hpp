// time_steps, flops_per_image: how long training steps take, and their arithmetic.
#pragma once

#include "data/dataset.hpp"
#include "layers/sequential.hpp"
#include "optim/optimizer.hpp"

namespace gradus::train {

/// Steps that are not timed.
inline constexpr int64_t warmup_steps = 5;

/// The milliseconds of each of `steps` training steps on `batches` in turn, after those to warm up.
std::vector<double> time_steps(layers::Sequential& model, optim::Optimizer& optimizer,
                               const std::vector<data::Batch>& batches, int64_t steps);

/// Of a training step: a multiply-add of a dense or convolution layer counts as 2, forward and
/// backward.
int64_t flops_per_image(layers::Sequential& model, const Shape& input);

}  // namespace gradus::train
