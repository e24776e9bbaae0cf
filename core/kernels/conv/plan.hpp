// ConvolutionPlan: the extents of a convolution; WindowSide: the part of a window inside the image.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

namespace gradus::kernels {

/// Extents of a convolution x (n, c, h, w) * weight (k, c/groups, kh, kw) → y (n, k, oh, ow).
struct ConvolutionPlan {
  int64_t n, c, h, w;
  int64_t k, kh, kw;
  int64_t oh, ow;
  int64_t stride_h, stride_w, padding_h, padding_w, dilation_h, dilation_w;
  int64_t groups;

  int64_t pixels() const { return oh * ow; }
  /// Number of values of the result, in all images.
  int64_t outputs() const { return n * k * pixels(); }
  /// Number of values under one window, for the channels of one group.
  int64_t window() const { return c / groups * kh * kw; }
  /// Whether windows are one pixel and cover every pixel once: the image is its own matrix of
  /// columns.
  bool is_pointwise() const {
    return kh == 1 && kw == 1 && stride_h == 1 && stride_w == 1 && padding_h == 0 &&
           padding_w == 0 && oh == h && ow == w;
  }
  /// Whether the stride is 1 and windows have several pixels.
  bool is_direct() const {
    return stride_h == 1 && stride_w == 1 && padding_h >= 0 && padding_w >= 0 && !is_pointwise();
  }
  /// Multiply-adds of one image, 1 or more.
  int64_t work_per_image() const { return std::max<int64_t>(1, k * window() * pixels()); }
};

/// The convolution of g that is the gradient of the input, if there is one. Its weight is the
/// plan's weight rotated by 180°, with filters and channels exchanged.
std::optional<ConvolutionPlan> input_gradient_plan(const ConvolutionPlan& plan);

/// The places along a side of a window that are inside the image, from `begin` to before `end`, and
/// the pixel under the first; for stride 1.
struct WindowSide {
  WindowSide(int64_t index, int64_t extent, int64_t kernel, int64_t padding, int64_t dilation);

  int64_t count() const { return end - begin; }

  int64_t begin, end, pixel;
};
/// For the windows of line i, or of column j.
WindowSide rows_inside(const ConvolutionPlan& plan, int64_t i);
WindowSide columns_inside(const ConvolutionPlan& plan, int64_t j);

}  // namespace gradus::kernels
