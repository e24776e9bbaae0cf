// extract, place, window_of: record copies of a strided part of a tensor; for the implementation of
// operations.
#pragma once

#include "core/kernels/strided.hpp"
#include "core/tensor.hpp"

namespace gradus::detail {

using kernels::Window;

/// The part of x in the window; its gradient is placed into zeros.
Tensor extract(const char* operation, const Tensor& x, const Window& window);

/// A tensor of `shape` with x in the window, whose elements must not overlap, and `value`
/// elsewhere.
Tensor place(const char* operation, const Tensor& x, const Window& window, const Shape& shape,
             double value);

/// The window of `extent` elements in dimension `dim` of a tensor of `shape`.
Window window_of(const Shape& shape, int dim, int64_t start, int64_t extent, int64_t step = 1);

}  // namespace gradus::detail
