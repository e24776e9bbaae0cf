// einsum, outer: products of tensors whose dimensions have letters. Errors: std::invalid_argument.
#pragma once

#include "core/tensor.hpp"

namespace gradus {

/// a[i]·b[j]: a (n), b (m) → (n, m).
Tensor outer(const Tensor& a, const Tensor& b);

/// Sums of products by Einstein's convention, as in NumPy and PyTorch: "ij,jk->ik" is the matrix
/// product. Before the arrow each operand has a letter (a–z, A–Z) for each of its dimensions;
/// dimensions with the same letter run together, and those whose letter the result lacks are summed
/// over. A letter twice in one operand takes its diagonal. "..." stands for all dimensions without
/// letters, aligned at the last; they and extents of 1 broadcast. Without an arrow the result has
/// the dimensions of "..." and then the letters that occur once, in alphabetical order, capitals
/// first. Blanks don't count. The operands are multiplied in their order, two at a time, so an
/// order with small intermediate results is faster; each may have at most eight dimensions. All
/// must have the same type, f32 or f64. Throws for an equation that doesn't fit the operands; the
/// text has the place of a wrong character, or the letter with its extents.
Tensor einsum(std::string_view equation, std::span<const Tensor> operands);
/// The same for tensors in braces: `einsum("bij,bjk->bik", {a, b})`.
inline Tensor einsum(std::string_view equation, std::initializer_list<Tensor> operands) {
  return einsum(equation, std::span(operands.begin(), operands.size()));
}

}  // namespace gradus
