// Convolutions of many filters.
#pragma once

#include "core/kernels/convolution.hpp"

namespace gradus::kernels {

/// Whether the filters of a group fill vectors well.
template <class T>
bool has_many_filters(const ConvolutionPlan& plan);

/// As convolution() in convolution.hpp.
template <class T>
void filter_convolution(const ConvolutionPlan& plan, const T* x, const T* weight, const T* bias,
                        T* y);

}  // namespace gradus::kernels
