// Frame: an image in a frame of zeros, for convolutions that don't write out their windows.
#pragma once

#include <vector>

#include "core/kernels/conv/plan.hpp"
#include "core/storage.hpp"

namespace gradus::kernels {

/// Memory of a kernel, zero at first.
template <class T>
class Scratch {
 public:
  explicit Scratch(int64_t count) : memory_(static_cast<std::size_t>(count) * sizeof(T)) {
    std::fill_n(data(), count, T{0});
  }
  T* data() { return reinterpret_cast<T*>(memory_.data()); }
  const T* data() const { return reinterpret_cast<const T*>(memory_.data()); }

 private:
  Storage memory_;
};

/// The image of a group with its padding. In it every place of a window is a constant offset from
/// the window's first. With strides of 1, q = i·width + j numbers the windows.
struct Frame {
  /// Tiles read up to `reach` values from a window's place on.
  Frame(const ConvolutionPlan& p, int64_t reach)
      : height(p.h + 2 * p.padding_h),
        width(p.w + 2 * p.padding_w),
        pixels((p.oh - 1) * width + p.ow),
        channels(p.c / p.groups),
        filters(p.k / p.groups),
        size(channels * height * width + reach - 1),
        is_image(p.padding_h == 0 && p.padding_w == 0) {}

  int64_t height, width;
  int64_t pixels;             // q < pixels
  int64_t channels, filters;  // of a group
  int64_t size;               // of a framed group, with what tiles read beyond it
  bool is_image;              // without padding
};

/// Where the values (c, r, s) of a window stand, from its first on; window() of them.
std::vector<int64_t> window_offsets(const ConvolutionPlan& plan, const Frame& frame);

/// framed[c, padding + i, padding + j] = x[c, i, j] of a group; the frame is zero already
template <class T>
void put_in_frame(const ConvolutionPlan& plan, const Frame& frame, const T* x, T* framed);

}  // namespace gradus::kernels
