// Operations that move elements without changing them. Errors: std::invalid_argument.
#pragma once

#include <initializer_list>
#include <span>

#include "core/tensor.hpp"

namespace gradus {

/// The same elements in another shape, in row-major order. Shares the memory. Throws when the
/// numbers of elements differ.
Tensor reshape(const Tensor& x, const Shape& shape);
/// The same, where one extent may be −1: it follows from the others.
Tensor reshape(const Tensor& x, std::span<const int64_t> extents);
inline Tensor reshape(const Tensor& x, std::initializer_list<int64_t> extents) {
  return reshape(x, std::span(extents.begin(), extents.size()));
}
/// x repeated to `shape`, to which it broadcasts.
Tensor expand(const Tensor& x, const Shape& shape);

}  // namespace gradus
