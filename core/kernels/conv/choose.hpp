// ConvolutionKind: the kernels for convolutions, and the choice of the fastest.
#pragma once

#include "core/kernels/conv/plan.hpp"
#include "core/kernels/gemm/tiles.hpp"

namespace gradus::kernels {

/// The kernels; each is in the file with its name.
enum class ConvolutionKind { winograd, filters, images, direct, columns };

/// The fastest kernel for convolution(), estimated from the useful and the wasted work.
template <class T>
ConvolutionKind forward_kind(const ConvolutionPlan& plan);
/// The fastest one for convolution_weight_gradient().
template <class T>
ConvolutionKind weight_gradient_kind(const ConvolutionPlan& plan);

/// winograd: 3×3 kernels with stride 1, one group and no dilation, and results of 7 columns or
/// more, by Winograd's minimal filtering F(2×2, 3×3): four neighbouring results need 16 products
/// per channel instead of 36 (Lavin and Gray 2016, "Fast algorithms for convolutional neural
/// networks"). Sums of pixels and of weights are rounded before they are multiplied, which loses
/// about one bit. All kernels have the arguments of convolution.hpp.
void winograd_convolution(const ConvolutionPlan& plan, const float* x, const float* weight,
                          const float* bias, float* y);
void winograd_weight_gradient(const ConvolutionPlan& plan, const float* x, const float* g,
                              float* dw);

/// filters: convolutions of many filters; vectors run along filters.
template <class T>
void filter_convolution(const ConvolutionPlan& plan, const T* x, const T* weight, const T* bias,
                        T* y);
template <class T>
void filter_weight_gradient(const ConvolutionPlan& plan, const T* x, const T* g, T* dw);

/// images: convolutions of many small images; vectors run along images. The plan is_direct().
template <class T>
void image_convolution(const ConvolutionPlan& plan, const T* x, const T* weight, const T* bias,
                       T* y);
/// The number of images that are convolved at once.
inline constexpr int64_t images_together = 16;

/// direct: convolutions with stride 1, without a matrix of windows; vectors run along the pixels of
/// a line. The plan is_direct().
template <class T>
void direct_convolution(const ConvolutionPlan& plan, const T* x, const T* weight, const T* bias,
                        T* y);
template <class T>
void direct_weight_gradient(const ConvolutionPlan& plan, const T* x, const T* g, T* dw);

/// columns: any convolution as a product with the matrix whose columns are the windows (im2col),
/// image by image. No extent may be 0.
template <class T>
void column_convolution(const ConvolutionPlan& plan, const T* x, const T* weight, const T* bias,
                        T* y);
template <class T>
void column_input_gradient(const ConvolutionPlan& plan, const T* g, const T* weight, T* dx);
template <class T>
void column_weight_gradient(const ConvolutionPlan& plan, const T* x, const T* g, T* dw);

}  // namespace gradus::kernels
