// Normalization of groups of values by their mean and variance.
#pragma once

#include <cstdint>

namespace gradus::kernels {

/// A tensor seen as (outer, groups, inner), and how it is normalized and scaled. Each group is
/// normalized over outer and inner. Weight and bias are (sets, inner/span): group i takes set i mod
/// sets, which has a value for each span of consecutive elements.
///
///   batch norm     (N, C, pixels)            C sets, span = pixels
///   group norm     (1, N·G, C/G·pixels)      G sets, span = pixels
///   instance norm  (1, N·C, pixels)          C sets, span = pixels
///   layer norm     (1, rows, columns)        1 set,  span = 1
///
/// Where outer isn't 1, span is inner and sets is groups.
struct GroupPlan {
  int64_t outer, groups, inner;
  int64_t sets, span;
  bool centred = true;  ///< otherwise 0 stands for the mean (RMS norm)

  int64_t group_size() const { return outer * inner; }
  int64_t spans() const { return inner / span; }
};

/// mean and biased variance of each group (0 and mean square unless centred); x (outer, groups,
/// inner), mean and variance (groups)
template <class T>
void moments(const GroupPlan& plan, const T* x, T* mean, T* variance);

/// y ← (x − mean)·rstd·weight + bias; mean, rstd (groups); weight, bias null or (sets, inner/span)
template <class T>
void normalize(const GroupPlan& plan, const T* x, const T* mean, const T* rstd, const T* weight,
               const T* bias, T* y);

/// moments, then normalize by them with rstd ← 1/√(variance + eps), each group while it is in the
/// cache
template <class T>
void standardize(const GroupPlan& plan, const T* x, T eps, const T* weight, const T* bias, T* mean,
                 T* variance, T* rstd, T* y);

/// The gradients of normalize with the group's own moments, for the upstream gradient g: dx like x,
/// dweight and dbias like weight; each may be null
template <class T>
void normalize_gradient(const GroupPlan& plan, const T* g, const T* x, const T* mean, const T* rstd,
                        const T* weight, T* dx, T* dweight, T* dbias);

}  // namespace gradus::kernels
