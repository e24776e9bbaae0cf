// max_pool2d, avg_pool2d, adaptive_avg_pool2d …: pooling of images (N, C, H, W). Errors:
// std::invalid_argument.
#pragma once

#include "core/pair.hpp"
#include "core/tensor.hpp"

namespace gradus {

/// Options of max_pool2d() and avg_pool2d().
struct PoolingOptions {
  Pair kernel = 2;         ///< size of a window
  Pair stride = 0;         ///< distance between windows, in pixels; 0 means the kernel's size
  Pair padding = 0;        ///< on each side; at most half of the kernel
  bool ceil_mode = false;  ///< the last window may extend beyond the edge
  /// Average pooling only: padding counts as zeros instead of being left out.
  bool count_include_pad = true;
};

/// The largest value of each window, never the padding; the first of equal values gets the
/// gradient.
Tensor max_pool2d(const Tensor& x, const PoolingOptions& options = {});
/// The mean of each window.
Tensor avg_pool2d(const Tensor& x, const PoolingOptions& options = {});
/// The means of output.height × output.width windows that cover the image; window i has the rows
/// ⌊i·H/h⌋ … ⌈(i+1)·H/h⌉−1.
Tensor adaptive_avg_pool2d(const Tensor& x, Pair output);
/// The largest values of the same windows.
Tensor adaptive_max_pool2d(const Tensor& x, Pair output);

}  // namespace gradus
