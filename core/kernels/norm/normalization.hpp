// moments, normalize, standardize: normalization of groups of values by their mean and variance.
#pragma once

#include "core/kernels/norm/group_plan.hpp"

namespace gradus::kernels {

/// mean and biased variance of each group (0 and mean square unless centred); x (outer, groups,
/// inner), mean and variance (groups); means are double for Centre
template <class T>
void moments(const GroupPlan& plan, const T* x, double* mean, T* variance);

/// y ← (x − mean)·rstd·weight + bias; mean, rstd (groups); weight, bias null or (sets, inner/span)
template <class T>
void normalize(const GroupPlan& plan, const T* x, const double* mean, const T* rstd,
               const T* weight, const T* bias, T* y);

/// moments, then normalize by them with rstd ← 1/√(variance + eps), group by group while it is in
/// the cache
template <class T>
void standardize(const GroupPlan& plan, const T* x, T eps, const T* weight, const T* bias,
                 double* mean, T* variance, T* rstd, T* y);

/// The gradients of normalize with the group's own moments, for the upstream gradient g: dx like x,
/// dweight and dbias like weight; each may be null
template <class T>
void normalize_gradient(const GroupPlan& plan, const T* g, const T* x, const double* mean,
                        const T* rstd, const T* weight, T* dx, T* dweight, T* dbias);

}  // namespace gradus::kernels
