// Pooling of images (N, C, H, W). Errors: std::invalid_argument.
#pragma once

#include "core/pair.hpp"
#include "core/tensor.hpp"

namespace gradus {

/// Options of max_pool2d() and avg_pool2d().
struct PoolingOptions {
  Pair kernel = 2;         ///< the window
  Pair stride = 0;         ///< pixels from one window to the next; 0 means the kernel's
  Pair padding = 0;        ///< on each side; at most half of the kernel
  bool ceil_mode = false;  ///< a last window may hang over the edge
  /// Average pooling alone: padding counts as zeros instead of being left out.
  bool count_include_pad = true;
};

/// The largest value of each window; padding never wins, and of equal values the first.
Tensor max_pool2d(const Tensor& x, const PoolingOptions& options = {});
/// The mean of each window.
Tensor avg_pool2d(const Tensor& x, const PoolingOptions& options = {});
/// Means of windows that divide the image into output.height × output.width, ⌊i·H/h⌋ …
/// ⌈(i+1)·H/h⌉−1.
Tensor adaptive_avg_pool2d(const Tensor& x, Pair output);
/// The largest value of each such window.
Tensor adaptive_max_pool2d(const Tensor& x, Pair output);

}  // namespace gradus
