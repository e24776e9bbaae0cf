// forward_kind, weight_gradient_kind: which kernel serves a convolution.
#pragma once

#include "core/kernels/conv/plan.hpp"

namespace gradus::kernels {

/// The kernels, each in the file of its name.
enum class ConvolutionKind { winograd, filters, images, direct, columns };

/// The fastest kernel for convolution(), by the work that it does and wastes.
template <class T>
ConvolutionKind forward_kind(const ConvolutionPlan& plan);
/// The fastest one for convolution_weight_gradient().
template <class T>
ConvolutionKind weight_gradient_kind(const ConvolutionPlan& plan);

}  // namespace gradus::kernels
