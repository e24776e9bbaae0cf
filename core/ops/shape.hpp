// Operations that move elements without changing them, on tensors of any type. A dimension that is
// negative counts from the end. Errors: std::invalid_argument.
#pragma once

#include "core/tensor.hpp"

namespace gradus {

/// The same elements in another shape, in row-major order. Shares the memory. Throws when the
/// numbers of elements differ.
Tensor reshape(const Tensor& x, const Shape& shape);
/// The same, where one extent may be −1: it follows from the others.
Tensor reshape(const Tensor& x, std::span<const int64_t> extents);
/// The same for extents in braces: `reshape(x, {n, -1})`.
inline Tensor reshape(const Tensor& x, std::initializer_list<int64_t> extents) {
  return reshape(x, std::span(extents.begin(), extents.size()));
}
/// Dimensions `start_dim` and all after it made one. Shares the memory.
Tensor flatten(const Tensor& x, int start_dim = 0);
/// Without dimension `dim`, whose extent is 1. Shares the memory.
Tensor squeeze(const Tensor& x, int dim);
/// With a dimension of extent 1 inserted, which is number `dim` of the result. Shares the memory.
Tensor unsqueeze(const Tensor& x, int dim);
/// x repeated to `shape`, to which it broadcasts.
Tensor expand(const Tensor& x, const Shape& shape);

/// Dimension i of the result is dimension dims[i] of x; `dims` names each once. The same handle
/// when they are in order already.
Tensor permute(const Tensor& x, std::span<const int> dims);
/// The same for dimensions in braces: `permute(x, {1, 0})`.
inline Tensor permute(const Tensor& x, std::initializer_list<int> dims) {
  return permute(x, std::span(dims.begin(), dims.size()));
}
/// Two dimensions exchanged.
Tensor transpose(const Tensor& x, int dim0, int dim1);
/// Elements start, start + step, … before `stop` of dimension `dim`, as in Python: a negative start
/// or stop counts from the end, and one beyond an end means that end. Shares the memory where `dim`
/// is the first and `step` is 1. Throws unless step ≥ 1.
Tensor slice(const Tensor& x, int dim, int64_t start, int64_t stop, int64_t step = 1);
/// Tensors one after the other along dimension `dim`; all other extents and the types agree.
Tensor cat(std::span<const Tensor> tensors, int dim = 0);
/// The same for tensors in braces: `cat({a, b}, 1)`.
inline Tensor cat(std::initializer_list<Tensor> tensors, int dim = 0) {
  return cat(std::span(tensors.begin(), tensors.size()), dim);
}
/// Tensors of one shape along a new dimension, which is number `dim` of the result.
Tensor stack(std::span<const Tensor> tensors, int dim = 0);
/// The same for tensors in braces: `stack({a, b})`.
inline Tensor stack(std::initializer_list<Tensor> tensors, int dim = 0) {
  return stack(std::span(tensors.begin(), tensors.size()), dim);
}
/// x surrounded by `value`. `padding` has a number of elements before and one after for each padded
/// dimension, the last dimension first: {left, right, top, bottom} pads images.
Tensor pad(const Tensor& x, std::span<const int64_t> padding, double value = 0);
/// The same for numbers in braces: `pad(x, {1, 1})`.
inline Tensor pad(const Tensor& x, std::initializer_list<int64_t> padding, double value = 0) {
  return pad(x, std::span(padding.begin(), padding.size()), value);
}

}  // namespace gradus
