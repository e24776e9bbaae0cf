// winograd_convolution: convolutions 3×3 by Winograd's minimal filtering F(2×2, 3×3): four
// neighbours of the result take 16 products a channel instead of 36 (Lavin and Gray 2016, "Fast
// algorithms for convolutional neural networks"). Sums of pixels and of weights are rounded before
// they are multiplied, which costs about a bit.
#pragma once

#include "core/kernels/conv/plan.hpp"

namespace gradus::kernels {

/// As convolution() and convolution_weight_gradient() in convolution.hpp, for windows of 3×3 that
/// move by one pixel, one group and no dilation.
void winograd_convolution(const ConvolutionPlan& plan, const float* x, const float* weight,
                          const float* bias, float* y);
void winograd_weight_gradient(const ConvolutionPlan& plan, const float* x, const float* g,
                              float* dw);

}  // namespace gradus::kernels
