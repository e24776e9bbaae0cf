// index_select, gather, one_hot, embedding: elements chosen by index. Indices are i64 and start at
// 0. Errors, such as an index out of range: std::invalid_argument.
#pragma once

#include "core/tensor.hpp"

namespace gradus {

/// The slices of x along `dim` at the indices in the vector `index`, in its order.
Tensor index_select(const Tensor& x, int dim, const Tensor& index);
/// Zeros of `shape`, with slice i of x along `dim` added at index[i]: the gradient of index_select.
Tensor index_add(const Shape& shape, int dim, const Tensor& index, const Tensor& x);

/// y[i, j, …] = x[i, …, index[i, j, …], …], with the index at dimension `dim`. `index` must have
/// x's rank and, except in `dim`, extents no larger than x's.
Tensor gather(const Tensor& x, int dim, const Tensor& index);
/// Zeros of `shape`, with every element of x added where gather() reads it: the gradient of gather.
Tensor scatter_add(const Shape& shape, int dim, const Tensor& index, const Tensor& x);
/// x with every element of `src` added where gather() reads it: y[i, …, index[i, j, …], …] +=
/// src[i, j, …], in the order of the index. `src` must have the type of x and extents no smaller
/// than those of the index; what lies beyond them isn't added. Any type.
Tensor scatter_add(const Tensor& x, int dim, const Tensor& index, const Tensor& src);

/// Labels (…) in 0 … classes-1 → (…, classes), 1 at the label and 0 elsewhere.
Tensor one_hot(const Tensor& labels, int64_t classes, DType dtype = DType::f32);

/// Throws unless `index` is i64 and each of its elements in 0 … count-1. The error contains
/// `operation`, `what` (the noun for an element), the element and its position.
void check_indices(std::string_view operation, std::string_view what, const Tensor& index,
                   int64_t count);

/// The rows of `weight` (rows, width) at `index` (i64, any shape) → (…, width).
Tensor embedding(const Tensor& index, const Tensor& weight);

}  // namespace gradus
