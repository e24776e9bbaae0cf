// Normalization of groups of values by their mean and variance.
#pragma once

#include <cstdint>

namespace gradus::kernels {

/// A tensor seen as (outer, groups, inner). Each group is normalized over outer and inner: batch
/// norm is (N, C, pixels), layer norm (1, rows, columns).
struct GroupPlan {
  int64_t outer, groups, inner;

  int64_t group_size() const { return outer * inner; }
};

/// mean and biased variance of each group; x (outer, groups, inner), mean and variance (groups)
template <class T>
void moments(const GroupPlan& plan, const T* x, T* mean, T* variance);

/// y ← (x − mean)·rstd·weight + bias; mean, rstd (groups); weight, bias null, or (groups), or
/// (inner) when `per_element`
template <class T>
void normalize(const GroupPlan& plan, bool per_element, const T* x, const T* mean, const T* rstd,
               const T* weight, const T* bias, T* y);

/// The gradients of normalize with the group's own moments, for the upstream gradient g: dx like x,
/// dweight and dbias like weight; each may be null
template <class T>
void normalize_gradient(const GroupPlan& plan, bool per_element, const T* g, const T* x,
                        const T* mean, const T* rstd, const T* weight, T* dx, T* dweight, T* dbias);

}  // namespace gradus::kernels
