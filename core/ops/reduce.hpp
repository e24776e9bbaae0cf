// sum, mean, std, prod, amax, any, argmax, softmax …: reductions over dimensions, and functions
// along one. Sums, products, extremes and their indices are also those of i64. `dims` lists the
// dimensions to reduce, as in sum(x, {0, 2}); empty means all. With `keepdim` they stay with
// extent 1. A negative dimension counts from the end. Errors: std::invalid_argument.
#pragma once

#include "core/tensor.hpp"

namespace gradus {

/// x summed over the dimensions that broadcasting from `shape` would repeat: the gradient of a
/// broadcast operand. Throws std::invalid_argument unless `shape` broadcasts to x.shape().
Tensor sum_to(const Tensor& x, const Shape& shape);

/// Σx; 0 if there are no elements. Of i64 it wraps around; of a mask it is the number of elements
/// that are true, in i64.
Tensor sum(const Tensor& x, const Dims& dims = {}, bool keepdim = false);
/// The arithmetic mean.
Tensor mean(const Tensor& x, const Dims& dims = {}, bool keepdim = false);
/// Σ(x − mean)²/(n − 1), or Σ(x − mean)²/n if not `unbiased`. Throws unless there are two elements,
/// or one if not `unbiased`.
Tensor var(const Tensor& x, const Dims& dims = {}, bool keepdim = false, bool unbiased = true);
/// √var, with the same arguments and errors. Where it is 0 the derivative is 0, as in PyTorch.
/// Under `using namespace gradus` it is called gradus::std(x), since std(x) could be the namespace.
Tensor std(const Tensor& x, const Dims& dims = {}, bool keepdim = false, bool unbiased = true);
/// The product; 1 if there are no elements. The derivative by an element is the product of the
/// others, also where some are 0; all further derivatives are right there, too.
Tensor prod(const Tensor& x, const Dims& dims = {}, bool keepdim = false);
/// The largest element (NaN if there is a NaN); equal elements share the gradient equally. Throws
/// if there are no elements.
Tensor amax(const Tensor& x, const Dims& dims = {}, bool keepdim = false);
/// The smallest element; otherwise like amax.
Tensor amin(const Tensor& x, const Dims& dims = {}, bool keepdim = false);
/// Whether an element of the mask is true; false if there are none.
Tensor any(const Tensor& mask, const Dims& dims = {}, bool keepdim = false);
/// Whether all elements of the mask are true; true if there are none.
Tensor all(const Tensor& mask, const Dims& dims = {}, bool keepdim = false);
/// log Σ eˣ, without overflow.
Tensor logsumexp(const Tensor& x, const Dims& dims = {}, bool keepdim = false);
/// (Σ|x|^p)^(1/p); the largest |x| for p = infinity, the number of elements that aren't 0 for p =
/// 0. The derivative is 0 where the norm is 0. There the norm has no second derivative, and what is
/// computed for it means nothing: differentiate square() sums instead, or add a small number under
/// the root. Throws unless p ≥ 0.
Tensor norm(const Tensor& x, double p = 2, const Dims& dims = {}, bool keepdim = false);

/// The index of the largest element along `dim` (i64); the first of equal ones. NaN counts as the
/// largest.
Tensor argmax(const Tensor& x, int dim, bool keepdim = false);
/// The index of the smallest element; otherwise like argmax.
Tensor argmin(const Tensor& x, int dim, bool keepdim = false);

/// eˣ/Σ eˣ along `dim`, without overflow.
Tensor softmax(const Tensor& x, int dim);
/// log softmax(x), without overflow or underflow.
Tensor log_softmax(const Tensor& x, int dim);
/// Running sums along `dim`: y[j] = x[0] + … + x[j].
Tensor cumsum(const Tensor& x, int dim);
/// Running products along `dim`: y[j] = x[0]·…·x[j]. All derivatives are right also where elements
/// are 0.
Tensor cumprod(const Tensor& x, int dim);

}  // namespace gradus
