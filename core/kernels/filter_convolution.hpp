// Convolutions of many filters.
#pragma once

#include "core/kernels/convolution.hpp"

namespace gradus::kernels {

/// Whether vectors along filters waste less than vectors along the pixels of a line.
template <class T>
bool is_for_filters(const ConvolutionPlan& plan);

/// As convolution() in convolution.hpp.
template <class T>
void filter_convolution(const ConvolutionPlan& plan, const T* x, const T* weight, const T* bias,
                        T* y);

}  // namespace gradus::kernels
