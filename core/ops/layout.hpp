// split, flip, roll, repeat, tril, diagonal …: operations that rearrange, repeat or leave out
// elements, for tensors of any type. A negative dimension counts from the end. Errors:
// std::invalid_argument.
#pragma once

#include "core/ops/reduce.hpp"
#include "core/tensor.hpp"

namespace gradus {

/// Consecutive parts of x with `size` elements of dimension `dim` each; the last part may have
/// fewer. At least one part. Throws unless size ≥ 1.
Tensors split(const Tensor& x, int64_t size, int dim = 0);
/// Consecutive parts with sizes[0], sizes[1], … elements. Throws unless they are 0 or more and
/// their sum is the extent.
Tensors split(const Tensor& x, std::span<const int64_t> sizes, int dim = 0);
/// The same for sizes in braces: `split(x, {2, 3}, 1)`.
inline Tensors split(const Tensor& x, std::initializer_list<int64_t> sizes, int dim = 0) {
  return split(x, std::span(sizes.begin(), sizes.size()), dim);
}
/// At most `chunks` parts, all of the size ⌈extent/chunks⌉ but the last, which may be smaller.
/// Throws unless chunks ≥ 1.
Tensors chunk(const Tensor& x, int64_t chunks, int dim = 0);

/// The elements in reverse order along each of `dims`, which must differ; none: x in order.
Tensor flip(const Tensor& x, const Dims& dims);
/// The elements moved shifts[i] places onwards along dimension dims[i]; those that leave the end
/// enter at the start. A dimension may be listed twice. Throws unless there is a shift for each
/// dimension.
Tensor roll(const Tensor& x, std::span<const int64_t> shifts, const Dims& dims);
/// The same for shifts in braces: `roll(x, {1, -2}, {0, 1})`.
inline Tensor roll(const Tensor& x, std::initializer_list<int64_t> shifts, const Dims& dims) {
  return roll(x, std::span(shifts.begin(), shifts.size()), dims);
}
/// The elements of all dimensions together, in row-major order, moved `shift` places onwards.
Tensor roll(const Tensor& x, int64_t shift);
/// x side by side, repeats[i] times along dimension i. More repeats than dimensions put new ones in
/// front. Throws for fewer repeats than dimensions, and for negative ones.
Tensor repeat(const Tensor& x, std::span<const int64_t> repeats);
/// The same for numbers in braces: `repeat(x, {2, 1})`.
inline Tensor repeat(const Tensor& x, std::initializer_list<int64_t> repeats) {
  return repeat(x, std::span(repeats.begin(), repeats.size()));
}

/// The lower triangles of matrices (…, n, m): 0 where j − i > diagonal in row i, column j.
Tensor tril(const Tensor& x, int64_t diagonal = 0);
/// The upper triangles of matrices (…, n, m): 0 where j − i < diagonal in row i, column j.
Tensor triu(const Tensor& x, int64_t diagonal = 0);
/// The elements with index i in dimension dim0 and i + offset in dimension dim1 (i − offset and i
/// for a negative offset), as the last dimension of the result; the two dimensions are gone. It has
/// extent 0 where the offset leads outside. Throws if the dimensions are the same.
Tensor diagonal(const Tensor& x, int64_t offset = 0, int dim0 = 0, int dim1 = 1);
/// Zeros with the last dimension of x on the diagonal of two new dimensions dim0 and dim1, which
/// are just large enough: diagonal() of the result is x. Throws if the dimensions are the same.
Tensor diag_embed(const Tensor& x, int64_t offset = 0, int dim0 = -2, int dim1 = -1);

}  // namespace gradus
