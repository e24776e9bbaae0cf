// direct_convolution: convolutions whose windows move by one pixel and aren't written out; vectors
// run along the pixels of a line.
#pragma once

#include "core/kernels/conv/plan.hpp"

namespace gradus::kernels {

/// As in convolution.hpp; the plan is_direct().
template <class T>
void direct_convolution(const ConvolutionPlan& plan, const T* x, const T* weight, const T* bias,
                        T* y);
template <class T>
void direct_weight_gradient(const ConvolutionPlan& plan, const T* x, const T* g, T* dw);

}  // namespace gradus::kernels
