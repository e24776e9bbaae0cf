// Window, read, write: copies between a contiguous tensor and a strided part of another.
#pragma once

#include "core/shape.hpp"

namespace gradus::kernels {

/// A part of a tensor's memory: element (i, j, …) is at offset + i·strides[0] + j·strides[1] + ….
struct Window {
  Shape shape;
  std::array<int64_t, Shape::max_rank> strides{};
  int64_t offset = 0;
};

/// y = the window of x; y window.shape, contiguous
template <class T>
void read(const Window& window, const T* x, T* y);

/// the window of y = x; x window.shape, contiguous; the window's elements must not overlap
template <class T>
void write(const Window& window, const T* x, T* y);

}  // namespace gradus::kernels
