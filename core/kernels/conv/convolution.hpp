// convolution, convolution_input_gradient, convolution_weight_gradient: the convolution and its two
// gradients.
#pragma once

#include "core/kernels/conv/plan.hpp"

namespace gradus::kernels {

/// y ← x * weight + bias; bias (k) or null
template <class T>
void convolution(const ConvolutionPlan& plan, const T* x, const T* weight, const T* bias, T* y);

/// dx ← the gradient of x for the upstream gradient g (n, k, oh, ow)
template <class T>
void convolution_input_gradient(const ConvolutionPlan& plan, const T* g, const T* weight, T* dx);

/// dw ← the gradient of the weight for the upstream gradient g (n, k, oh, ow)
template <class T>
void convolution_weight_gradient(const ConvolutionPlan& plan, const T* x, const T* g, T* dw);

}  // namespace gradus::kernels
