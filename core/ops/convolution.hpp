// conv1d, conv2d, conv_transpose2d: convolutions (in deep learning these are cross-correlations).
// Images are NCHW. Errors: std::invalid_argument.
#pragma once

#include "core/pair.hpp"
#include "core/tensor.hpp"

namespace gradus {

/// Options of conv2d() and conv_transpose2d().
struct ConvolutionOptions {
  Pair stride = 1;    ///< distance between windows, in pixels; positive
  Pair padding = 0;   ///< zeros added on each side; 0 or more
  Pair dilation = 1;  ///< distance between weights, in pixels; positive
  /// Number of independent convolutions among which input and output channels are divided.
  int64_t groups = 1;
};

/// x (N, C, H, W), weight (K, C/groups, kh, kw), bias (K) or undefined → (N, K, H', W') with
/// H' = ⌊(H + 2·padding − dilation·(kh − 1) − 1)/stride⌋ + 1, likewise W'.
Tensor conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias = Tensor(),
              const ConvolutionOptions& options = {});

/// The shape of conv2d(x, weight), with the same errors for shapes and options. It needs no
/// tensors.
Shape conv2d_shape(const Shape& x, const Shape& weight, const ConvolutionOptions& options = {});

/// Options of conv1d().
struct Convolution1dOptions {
  int64_t stride = 1;    ///< distance between windows, in steps; positive
  int64_t padding = 0;   ///< zeros added at each end; 0 or more
  int64_t dilation = 1;  ///< distance between weights, in steps; positive
  int64_t groups = 1;    ///< independent convolutions among which the channels are divided
};

/// x (N, C, L), weight (K, C/groups, k), bias (K) or undefined → (N, K, L').
Tensor conv1d(const Tensor& x, const Tensor& weight, const Tensor& bias = Tensor(),
              const Convolution1dOptions& options = {});

/// The gradient of conv2d with respect to its input, as an operation (Zeiler et al. 2010): x (N, K,
/// H, W), weight (K, C/groups, kh, kw), bias (C) or undefined → (N, C, H', W') with
/// H' = (H − 1)·stride − 2·padding + dilation·(kh − 1) + output_padding + 1. Throws unless
/// output_padding is smaller than stride or dilation.
Tensor conv_transpose2d(const Tensor& x, const Tensor& weight, const Tensor& bias = Tensor(),
                        const ConvolutionOptions& options = {}, Pair output_padding = 0);

namespace detail {
/// Throws an error of `operation` for options outside their ranges.
void check_convolution(const char* operation, const ConvolutionOptions& options);
/// The same, and unless conv2d() takes these operands.
void check_convolution(const char* operation, const Tensor& x, const Tensor& weight,
                       const ConvolutionOptions& options);
/// Throws the same unless output_padding is 0 or more and smaller than stride or dilation.
void check_output_padding(const char* operation, const Pair& output_padding,
                          const ConvolutionOptions& options);
}  // namespace detail

}  // namespace gradus
