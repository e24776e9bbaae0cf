// max_pool, average_pool: pooling of image planes.
#pragma once

#include <cstdint>
#include <vector>

namespace gradus::kernels {

/// The windows along one direction: window i covers begin[i] … end[i]−1 of the image; `full[i]` is
/// its extent including padding.
struct Windows {
  std::vector<int32_t> begin, end, full;
  int64_t count() const { return std::ssize(begin); }
};

/// Pooling of `planes` planes of h × w to rows.count() × columns.count().
struct PoolingPlan {
  int64_t planes, h, w;
  Windows rows, columns;
  bool count_padding = false;

  int64_t outputs() const { return rows.count() * columns.count(); }
};

/// y ← the largest value of each window, position ← its position in the plane; x (planes, h, w), y
/// and position (planes, rows, columns)
template <class T>
void max_pool(const PoolingPlan& plan, const T* x, T* y, int32_t* position);

/// The transpose of max_pool: dx (planes, h, w) from g and position (planes, rows, columns)
template <class T>
void max_pool_gradient(const PoolingPlan& plan, const T* g, const int32_t* position, T* dx);
/// y ← x[position]; x (planes, h, w), y and position (planes, rows, columns)
template <class T>
void pick(const PoolingPlan& plan, const T* x, const int32_t* position, T* y);

/// y ← the mean of each window; x (planes, h, w), y (planes, rows, columns)
template <class T>
void average_pool(const PoolingPlan& plan, const T* x, T* y);
/// The transpose of average_pool: dx (planes, h, w) from g (planes, rows, columns)
template <class T>
void average_pool_gradient(const PoolingPlan& plan, const T* g, T* dx);

}  // namespace gradus::kernels
