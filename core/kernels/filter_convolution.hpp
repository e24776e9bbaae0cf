// Convolutions of many filters.
#pragma once

#include "core/kernels/convolution.hpp"

namespace gradus::kernels {

/// Whether vectors along filters waste less than vectors along the pixels of a line.
template <class T>
bool is_for_filters(const ConvolutionPlan& plan);
/// The same for the gradient by weight, beside vectors along all pixels.
template <class T>
bool is_gradient_for_filters(const ConvolutionPlan& plan);

/// As in convolution.hpp.
template <class T>
void filter_convolution(const ConvolutionPlan& plan, const T* x, const T* weight, const T* bias,
                        T* y);
template <class T>
void filter_weight_gradient(const ConvolutionPlan& plan, const T* x, const T* g, T* dw);

}  // namespace gradus::kernels
