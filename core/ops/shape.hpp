// reshape, permute, slice, cat, pad …: operations that move elements without changing them, for
// tensors of any type. A negative dimension counts from the end. Errors: std::invalid_argument.
#pragma once

#include "core/slice.hpp"
#include "core/tensor.hpp"

namespace gradus {

/// The same elements in another shape, in row-major order. Shares the memory. Throws if the numbers
/// of elements differ.
Tensor reshape(const Tensor& x, const Shape& shape);
/// The same; one extent may be −1 and is then computed from the others.
Tensor reshape(const Tensor& x, std::span<const int64_t> extents);
/// The same for extents in braces: `reshape(x, {n, -1})`.
inline Tensor reshape(const Tensor& x, std::initializer_list<int64_t> extents) {
  return reshape(x, std::span(extents.begin(), extents.size()));
}
/// Merges dimension `start_dim` and all after it into one. Shares the memory.
Tensor flatten(const Tensor& x, int start_dim = 0);
/// Removes dimension `dim`, which must have extent 1. Shares the memory.
Tensor squeeze(const Tensor& x, int dim);
/// Inserts a dimension of extent 1; it is dimension `dim` of the result. Shares the memory.
Tensor unsqueeze(const Tensor& x, int dim);
/// x repeated to `shape`; x must broadcast to it.
Tensor expand(const Tensor& x, const Shape& shape);

/// Dimension i of the result is dimension dims[i] of x; `dims` must contain each dimension once.
/// Returns x itself if they are already in order.
Tensor permute(const Tensor& x, std::span<const int> dims);
/// The same for dimensions in braces: `permute(x, {1, 0})`.
inline Tensor permute(const Tensor& x, std::initializer_list<int> dims) {
  return permute(x, std::span(dims.begin(), dims.size()));
}
/// Exchanges two dimensions.
Tensor transpose(const Tensor& x, int dim0, int dim1);
/// A copy of the elements start, start + step, … before `stop` of dimension `dim`; a negative start
/// or stop counts from the end. Throws unless all are in the dimension and there is one.
Tensor slice(const Tensor& x, int dim, int64_t start, int64_t stop, int64_t step = 1);
/// A copy of the elements at `indices`, one for each dimension from the first; dimensions without
/// one are whole. x(i, Slice{1, 3}) is the same. Throws like slice(), and for a number that isn't
/// in its dimension.
Tensor index(const Tensor& x, std::span<const Index> indices);
/// Rows first … first + count − 1, those of dimension 0, which share the memory of x: for batches
/// that nobody changes.
Tensor row_view(const Tensor& x, int64_t first, int64_t count);
/// Concatenates tensors along dimension `dim`; all other extents and the types must be equal.
Tensor cat(std::span<const Tensor> tensors, int dim = 0);
/// The same for tensors in braces: `cat({a, b}, 1)`.
inline Tensor cat(std::initializer_list<Tensor> tensors, int dim = 0) {
  return cat(std::span(tensors.begin(), tensors.size()), dim);
}
/// Joins tensors of one shape along a new dimension, which is dimension `dim` of the result.
Tensor stack(std::span<const Tensor> tensors, int dim = 0);
/// The same for tensors in braces: `stack({a, b})`.
inline Tensor stack(std::initializer_list<Tensor> tensors, int dim = 0) {
  return stack(std::span(tensors.begin(), tensors.size()), dim);
}
/// Surrounds x by `value`. `padding` has two numbers of elements (before and after) for each padded
/// dimension, the last dimension first: {left, right, top, bottom} pads images.
Tensor pad(const Tensor& x, std::span<const int64_t> padding, double value = 0);
/// The same for numbers in braces: `pad(x, {1, 1})`.
inline Tensor pad(const Tensor& x, std::initializer_list<int64_t> padding, double value = 0) {
  return pad(x, std::span(padding.begin(), padding.size()), value);
}

namespace detail {
/// Tensor::assign().
void write_at(Tensor& x, std::span<const Index> indices, const Tensor& value);
}  // namespace detail

}  // namespace gradus
