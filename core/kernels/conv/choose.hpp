// The kernels of convolutions, each in the file of its name, and which of them serves.
#pragma once

#include "core/kernels/conv/plan.hpp"
#include "core/kernels/gemm/tiles.hpp"

namespace gradus::kernels {

/// The kernels, each in the file of its name.
enum class ConvolutionKind { winograd, filters, images, direct, columns };

/// The fastest kernel for convolution(), by the work that it does and wastes.
template <class T>
ConvolutionKind forward_kind(const ConvolutionPlan& plan);
/// The fastest one for convolution_weight_gradient().
template <class T>
ConvolutionKind weight_gradient_kind(const ConvolutionPlan& plan);

/// winograd: windows of 3×3 that move by one pixel, one group and no dilation, by Winograd's
/// minimal filtering F(2×2, 3×3): four neighbours of the result take 16 products a channel instead
/// of 36 (Lavin and Gray 2016, "Fast algorithms for convolutional neural networks"). Sums of pixels
/// and of weights are rounded before they are multiplied, which costs about a bit. Arguments of all
/// kernels are those in convolution.hpp.
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
/// The vectors of images that are convolved at once.
template <class T>
int64_t image_vectors() {
  return std::clamp<int64_t>(16 / tiles<T>().vector, 1, Tiles<T>::widest);
}

/// direct: convolutions whose windows move by one pixel and aren't written out; vectors run along
/// the pixels of a line. The plan is_direct().
template <class T>
void direct_convolution(const ConvolutionPlan& plan, const T* x, const T* weight, const T* bias,
                        T* y);
template <class T>
void direct_weight_gradient(const ConvolutionPlan& plan, const T* x, const T* g, T* dw);

/// columns: any convolution as a product with a matrix whose columns are the windows (im2col),
/// image by image. No extent is 0.
template <class T>
void column_convolution(const ConvolutionPlan& plan, const T* x, const T* weight, const T* bias,
                        T* y);
template <class T>
void column_input_gradient(const ConvolutionPlan& plan, const T* g, const T* weight, T* dx);
template <class T>
void column_weight_gradient(const ConvolutionPlan& plan, const T* x, const T* g, T* dw);

}  // namespace gradus::kernels
