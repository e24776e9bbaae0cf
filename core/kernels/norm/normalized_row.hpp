// RowSums, normalize_range, gradient_range: the parts that all normalizations of groups share.
#pragma once

#include <utility>

#include "core/kernels/norm/group_plan.hpp"

namespace gradus::kernels {

template <class T>
struct RowSums {
  T first = 0, second = 0;
};

/// Σ (x − shift) and Σ (x − shift)²; n elements
template <class T>
RowSums<T> shifted_sums(int64_t n, const T* x, T shift);

/// Σ g·w and Σ g·w·(x − mean); n elements, w null for 1
template <class T>
RowSums<T> gradient_sums(int64_t n, const T* g, const T* x, const T* w, Centre<T> mean);

/// y[i] = (x[i] − mean)·scale + shift; n elements
template <class T>
void normalize_range(int64_t n, const T* x, Centre<T> mean, T scale, T shift, T* y);

/// y[i] = (x[i] − mean)·scale·w[i] + b[i]; n elements, w null for 1, b null for 0
template <class T>
void normalize_elements(int64_t n, const T* x, Centre<T> mean, T scale, const T* w, const T* b,
                        T* y);

/// dx[i] = g[i]·scale[·w[i]] − a − (x[i] − mean)·c; n elements, w null for 1
template <class T>
void gradient_range(int64_t n, const T* g, const T* x, const T* w, T scale, Centre<T> mean, T a,
                    T c, T* dx);

/// mean and biased variance of a group from Σ (x − shift) and Σ (x − shift)²; shift is one of its
/// values, which avoids cancellation if the mean is large (0 unless centred)
template <class T>
void moments_from_sums(const GroupPlan& plan, T shift, double first, double second, double& mean,
                       T& variance);

/// a and c in dx = g·rstd·weight − a − (x − mean)·c, computed from first = Σ g·weight and second =
/// Σ g·weight·(x − mean) over a group
template <class T>
std::pair<T, T> projection(const GroupPlan& plan, double first, double second, T rstd);

}  // namespace gradus::kernels
