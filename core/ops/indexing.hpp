// Elements chosen by number. Indices are i64 and count from 0; one out of range throws
// std::invalid_argument that names it, as do the other errors.
#pragma once

#include "core/tensor.hpp"

namespace gradus {

/// The slices of x along `dim` whose numbers stand in `index`, a vector, in its order.
Tensor index_select(const Tensor& x, int dim, const Tensor& index);
/// Zeros of `shape`, to which slice i of x along `dim` is added at number index[i]: the gradient of
/// index_select.
Tensor index_add(const Shape& shape, int dim, const Tensor& index, const Tensor& x);

/// y[i, j, …] = x[i, …, index[i, j, …], …], with the index in the place of dimension `dim`. `index`
/// has x's rank and, except in `dim`, extents no larger than x's.
Tensor gather(const Tensor& x, int dim, const Tensor& index);
/// Zeros of `shape`, to which every element of x is added where gather() would read it: its
/// gradient.
Tensor scatter_add(const Shape& shape, int dim, const Tensor& index, const Tensor& x);

/// For labels (…) in 0 … classes-1 a tensor (…, classes) that is 1 at the label and 0 elsewhere.
Tensor one_hot(const Tensor& labels, int64_t classes, DType dtype = DType::f32);

/// Throws unless `index` is i64 and each of its elements in 0 … count-1. The error names
/// `operation`, the element, which it calls `what`, and its position.
void check_indices(std::string_view operation, std::string_view what, const Tensor& index,
                   int64_t count);

/// Rows `index` (i64, of any shape) of `weight` (rows, width) → (…, width). Throws
/// std::invalid_argument naming an index out of range.
Tensor embedding(const Tensor& index, const Tensor& weight);

}  // namespace gradus
