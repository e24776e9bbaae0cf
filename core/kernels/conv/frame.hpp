// Frame: an image with its padding of zeros in memory, for convolutions without a matrix of
// windows.
#pragma once

#include <vector>

#include "core/kernels/conv/plan.hpp"
#include "core/kernels/scratch.hpp"

namespace gradus::kernels {

/// The image of a group with its padding. In it every place of a window has a constant offset from
/// the window's first place. With stride 1, q = i·width + j is the index of a window.
struct Frame {
  /// Tiles read up to `reach` values from the place of a window.
  Frame(const ConvolutionPlan& p, int64_t reach)
      : height(p.h + 2 * p.padding_h),
        width(p.w + 2 * p.padding_w),
        pixels((p.oh - 1) * width + p.ow),
        channels(p.c / p.groups),
        filters(p.k / p.groups),
        size(channels * height * width + reach - 1),
        is_image(p.padding_h == 0 && p.padding_w == 0) {}

  int64_t height, width;
  int64_t pixels;             // number of windows: q < pixels
  int64_t channels, filters;  // of a group
  int64_t size;               // of a framed group, including the values that tiles read beyond it
  bool is_image;              // whether there is no padding
};

/// The offsets of the window() values (c, r, s) of a window from its first.
std::vector<int64_t> window_offsets(const ConvolutionPlan& plan, const Frame& frame);

/// framed[c, padding + i, padding + j] = x[c, i, j] of a group; the frame must be zero already
template <class T>
void put_in_frame(const ConvolutionPlan& plan, const Frame& frame, const T* x, T* framed);

}  // namespace gradus::kernels
