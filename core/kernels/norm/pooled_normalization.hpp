// standardize_max_pool: batch normalization fused with max pooling of 2×2 windows. The normalized
// images, which are four times as large, are never written; neither is their gradient.
#pragma once

#include "core/kernels/norm/group_plan.hpp"

namespace gradus::kernels {

/// Images (outer, groups, inner) whose rows have `width` pixels, 8 or more. A last odd row or
/// column is part of the moments but of no window.
struct PooledPlan {
  GroupPlan images;
  int64_t width;

  int64_t rows() const { return images.inner / width / 2; }
  int64_t columns() const { return width / 2; }
  int64_t windows() const { return rows() * columns(); }
};

/// Standardizes, then y ← the largest value of each window; x (outer, groups, inner), y (outer,
/// groups, rows, columns), the others (groups)
template <class T>
void standardize_max_pool(const PooledPlan& plan, const T* x, T eps, const T* weight, const T* bias,
                          double* mean, T* variance, T* rstd, T* y);

/// The gradients for the upstream gradient g, which has the shape of y; each may be null
template <class T>
void standardize_max_pool_gradient(const PooledPlan& plan, const T* g, const T* x,
                                   const double* mean, const T* rstd, const T* weight,
                                   const T* bias, T* dx, T* dweight, T* dbias);

}  // namespace gradus::kernels
