// filter_convolution: convolutions of many filters; vectors run along filters.
#pragma once

#include "core/kernels/conv/plan.hpp"

namespace gradus::kernels {

/// As in convolution.hpp.
template <class T>
void filter_convolution(const ConvolutionPlan& plan, const T* x, const T* weight, const T* bias,
                        T* y);
template <class T>
void filter_weight_gradient(const ConvolutionPlan& plan, const T* x, const T* g, T* dw);

}  // namespace gradus::kernels
