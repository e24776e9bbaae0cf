// The three convolutions: forward, and the gradients by input and by weight.
#pragma once

#include <cstdint>

namespace gradus::kernels {

/// Extents of a convolution x (n, c, h, w) * weight (k, c/groups, kh, kw) → y (n, k, oh, ow).
struct ConvolutionPlan {
  int64_t n, c, h, w;
  int64_t k, kh, kw;
  int64_t oh, ow;
  int64_t stride_h, stride_w, padding_h, padding_w, dilation_h, dilation_w;
  int64_t groups;

  int64_t pixels() const { return oh * ow; }
  /// Values of the result, in all images.
  int64_t outputs() const { return n * k * pixels(); }
  /// Values under one window, of the channels of one group.
  int64_t window() const { return c / groups * kh * kw; }
  /// A window of one pixel that meets every pixel once: the image is its own matrix of columns.
  bool is_pointwise() const {
    return kh == 1 && kw == 1 && stride_h == 1 && stride_w == 1 && padding_h == 0 &&
           padding_w == 0 && oh == h && ow == w;
  }
};

/// y ← x * weight + bias; bias (k) or null
template <class T>
void convolution(const ConvolutionPlan& plan, const T* x, const T* weight, const T* bias, T* y);

/// dx ← the gradient by x for the upstream gradient g (n, k, oh, ow)
template <class T>
void convolution_input_gradient(const ConvolutionPlan& plan, const T* g, const T* weight, T* dx);

/// dw ← the gradient by weight for the upstream gradient g (n, k, oh, ow)
template <class T>
void convolution_weight_gradient(const ConvolutionPlan& plan, const T* x, const T* g, T* dw);

}  // namespace gradus::kernels
