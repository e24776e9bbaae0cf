// Convolutions whose windows move by one pixel, without writing out the windows.
#pragma once

#include <optional>

#include "core/kernels/convolution.hpp"

namespace gradus::kernels {

/// Whether windows move by one pixel and see several: these convolutions can be computed here.
bool is_direct(const ConvolutionPlan& plan);

/// As in convolution.hpp; the plan is_direct().
template <class T>
void direct_convolution(const ConvolutionPlan& plan, const T* x, const T* weight, const T* bias,
                        T* y);
template <class T>
void direct_weight_gradient(const ConvolutionPlan& plan, const T* x, const T* g, T* dw);

/// The convolution of g that gives the gradient by the input, if there is one.
std::optional<ConvolutionPlan> input_gradient_plan(const ConvolutionPlan& plan);
/// Its weight: rotated by half a turn, filters and channels exchanged; both (k, c/groups, kh, kw)
/// of their plans.
template <class T>
void rotate_weight(const ConvolutionPlan& plan, const T* weight, T* rotated);

}  // namespace gradus::kernels
