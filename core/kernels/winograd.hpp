// Convolutions 3×3 by Winograd's minimal filtering F(2×2, 3×3): four neighbours of the result take
// 16 products a channel instead of 36 (Lavin and Gray 2016, "Fast algorithms for convolutional
// neural networks"). Sums of pixels and of weights are rounded before they are multiplied, which
// costs about a bit.
#pragma once

#include "core/kernels/convolution.hpp"

namespace gradus::kernels {

/// Whether it is the fastest way: windows of 3×3 that move by one pixel, with channels, filters and
/// pixels enough to outweigh the transforms.
bool is_for_winograd(const ConvolutionPlan& plan);

/// As convolution() and convolution_weight_gradient() in convolution.hpp.
void winograd_convolution(const ConvolutionPlan& plan, const float* x, const float* weight,
                          const float* bias, float* y);
void winograd_weight_gradient(const ConvolutionPlan& plan, const float* x, const float* g,
                              float* dw);

}  // namespace gradus::kernels
