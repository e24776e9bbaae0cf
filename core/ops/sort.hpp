// sort, argsort, topk: elements in order along one dimension, for tensors of any type. NaN counts
// as the largest; equal elements keep their order, also in descending order. A negative dimension
// counts from the end. Errors: std::invalid_argument.
#pragma once

#include "core/tensor.hpp"

namespace gradus {

/// Elements in order. The gradient of the values goes to the elements they were.
struct Sorted {
  Tensor values;   ///< the elements
  Tensor indices;  ///< their indices along the dimension (i64)
};

/// The elements along `dim` in ascending order, or in descending order.
Sorted sort(const Tensor& x, int dim = -1, bool descending = false);
/// The indices of sort().
Tensor argsort(const Tensor& x, int dim = -1, bool descending = false);
/// The k largest elements along `dim`, the largest first, or the k smallest, the smallest first. Of
/// equal elements those with lower indices come first. Throws unless k is 0 to the extent.
Sorted topk(const Tensor& x, int64_t k, int dim = -1, bool largest = true);

}  // namespace gradus
