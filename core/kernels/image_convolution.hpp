// Convolutions of many small images.
#pragma once

#include "core/kernels/convolution.hpp"

namespace gradus::kernels {

/// Whether vectors along images waste less than vectors along the pixels of a line; the plan
/// is_direct().
template <class T>
bool is_for_images(const ConvolutionPlan& plan);

/// As convolution() in convolution.hpp.
template <class T>
void image_convolution(const ConvolutionPlan& plan, const T* x, const T* weight, const T* bias,
                       T* y);

}  // namespace gradus::kernels
