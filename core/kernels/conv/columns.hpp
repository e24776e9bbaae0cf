// column_convolution: any convolution as a product with a matrix whose columns are the windows
// (im2col), image by image.
#pragma once

#include "core/kernels/conv/plan.hpp"

namespace gradus::kernels {

/// As in convolution.hpp; no extent is 0.
template <class T>
void column_convolution(const ConvolutionPlan& plan, const T* x, const T* weight, const T* bias,
                        T* y);
template <class T>
void column_input_gradient(const ConvolutionPlan& plan, const T* g, const T* weight, T* dx);
template <class T>
void column_weight_gradient(const ConvolutionPlan& plan, const T* x, const T* g, T* dw);

}  // namespace gradus::kernels
