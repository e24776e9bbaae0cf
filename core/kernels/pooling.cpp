#include "core/kernels/pooling.hpp"

#include <algorithm>

#include "core/kernels/kernel.hpp"
#include "core/parallel.hpp"

namespace gradus::kernels {
namespace {

template <class Body>
void for_planes(int64_t planes, int64_t work, Body&& body) {
  const int64_t grain = std::max<int64_t>(1, (1 << 15) / std::max<int64_t>(1, work));
  parallel_for(planes, grain, [&](int64_t begin, int64_t end) {
    for (int64_t plane = begin; plane < end; ++plane) body(plane);
  });
}

/// x (h, w), y and position (rows, columns). A NaN wins, as in PyTorch.
template <class T>
GRADUS_KERNEL void max_pool_plane(const PoolingPlan& p, const T* x, T* y, int32_t* position) {
  for (int64_t i = 0; i < p.rows.count(); ++i)
    for (int64_t j = 0; j < p.columns.count(); ++j) {
      int32_t best = static_cast<int32_t>(p.rows.begin[i] * p.w + p.columns.begin[j]);
      for (int32_t row = p.rows.begin[i]; row < p.rows.end[i]; ++row)
        for (int32_t column = p.columns.begin[j]; column < p.columns.end[j]; ++column) {
          const int32_t at = static_cast<int32_t>(row * p.w + column);
          if (x[at] > x[best] || x[at] != x[at]) best = at;
        }
      *y++ = x[best];
      *position++ = best;
    }
}

/// The commonest windows, 2×2 side by side; x (h, w), y and position (rows, columns)
template <class T>
GRADUS_KERNEL void max_pool_plane_2x2(int64_t rows, int64_t columns, int64_t w,
                                      const T* __restrict x, T* __restrict y,
                                      int32_t* __restrict position) {
  // Without branches, so that it becomes vectors: hence | instead of ||.
  const auto takes_over = [](T later, T earlier) { return (later > earlier) | (later != later); };
  for (int64_t i = 0; i < rows; ++i) {
    const T *upper = x + 2 * i * w, *lower = upper + w;
    const int32_t first = static_cast<int32_t>(2 * i * w), second = static_cast<int32_t>(first + w);
    for (int64_t j = 0; j < columns; ++j) {
      const T a = upper[2 * j], b = upper[2 * j + 1], c = lower[2 * j], d = lower[2 * j + 1];
      const bool b_wins = takes_over(b, a), d_wins = takes_over(d, c);
      const T above = b_wins ? b : a, below = d_wins ? d : c;
      const bool below_wins = takes_over(below, above);
      y[i * columns + j] = below_wins ? below : above;
      const int32_t column = static_cast<int32_t>(2 * j);
      const int32_t at_above = first + column + b_wins, at_below = second + column + d_wins;
      position[i * columns + j] = below_wins ? at_below : at_above;
    }
  }
}

// Whether every window is two pixels wide and starts where the one before it ends.
bool in_twos(const Windows& windows) {
  for (int64_t i = 0; i < windows.count(); ++i)
    if (windows.begin[i] != 2 * i || windows.end[i] != 2 * i + 2) return false;
  return true;
}

// What each window's sum is divided by.
template <class T>
T divisor(const PoolingPlan& p, int64_t i, int64_t j) {
  return static_cast<T>(p.count_padding ? p.rows.full[i] * p.columns.full[j]
                                        : (p.rows.end[i] - p.rows.begin[i]) *
                                              (p.columns.end[j] - p.columns.begin[j]));
}

}  // namespace

template <class T>
void max_pool(const PoolingPlan& p, const T* x, T* y, int32_t* position) {
  const bool twos = in_twos(p.rows) && in_twos(p.columns);
  for_planes(p.planes, p.h * p.w, [&](int64_t plane) {
    const T* from = x + plane * p.h * p.w;
    const int64_t to = plane * p.outputs();
    if (twos)
      max_pool_plane_2x2(p.rows.count(), p.columns.count(), p.w, from, y + to, position + to);
    else
      max_pool_plane(p, from, y + to, position + to);
  });
}

template <class T>
void scatter(int64_t planes, int64_t outputs, int64_t pixels, const T* g, const int32_t* position,
             T* x) {
  for_planes(planes, pixels, [&](int64_t plane) {
    T* to = x + plane * pixels;
    std::fill_n(to, pixels, T{0});
    for (int64_t i = plane * outputs; i < (plane + 1) * outputs; ++i) to[position[i]] += g[i];
  });
}

template <class T>
void gather(int64_t planes, int64_t outputs, int64_t pixels, const T* x, const int32_t* position,
            T* y) {
  for_planes(planes, pixels, [&](int64_t plane) {
    const T* from = x + plane * pixels;
    for (int64_t i = plane * outputs; i < (plane + 1) * outputs; ++i) y[i] = from[position[i]];
  });
}

template <class T>
void average_pool(const PoolingPlan& p, const T* x, T* y) {
  for_planes(p.planes, p.h * p.w, [&](int64_t plane) {
    const T* from = x + plane * p.h * p.w;
    T* to = y + plane * p.outputs();
    for (int64_t i = 0; i < p.rows.count(); ++i)
      for (int64_t j = 0; j < p.columns.count(); ++j) {
        T total = 0;
        for (int32_t row = p.rows.begin[i]; row < p.rows.end[i]; ++row)
          for (int32_t column = p.columns.begin[j]; column < p.columns.end[j]; ++column)
            total += from[row * p.w + column];
        *to++ = total / divisor<T>(p, i, j);
      }
  });
}

template <class T>
void average_pool_gradient(const PoolingPlan& p, const T* g, T* dx) {
  for_planes(p.planes, p.h * p.w, [&](int64_t plane) {
    const T* from = g + plane * p.outputs();
    T* to = dx + plane * p.h * p.w;
    std::fill_n(to, p.h * p.w, T{0});
    for (int64_t i = 0; i < p.rows.count(); ++i)
      for (int64_t j = 0; j < p.columns.count(); ++j) {
        const T share = *from++ / divisor<T>(p, i, j);
        for (int32_t row = p.rows.begin[i]; row < p.rows.end[i]; ++row)
          for (int32_t column = p.columns.begin[j]; column < p.columns.end[j]; ++column)
            to[row * p.w + column] += share;
      }
  });
}

#define GRADUS_INSTANTIATE(T)                                                     \
  template void max_pool(const PoolingPlan&, const T*, T*, int32_t*);             \
  template void scatter(int64_t, int64_t, int64_t, const T*, const int32_t*, T*); \
  template void gather(int64_t, int64_t, int64_t, const T*, const int32_t*, T*);  \
  template void average_pool(const PoolingPlan&, const T*, T*);                   \
  template void average_pool_gradient(const PoolingPlan&, const T*, T*);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)
#undef GRADUS_INSTANTIATE

}  // namespace gradus::kernels
