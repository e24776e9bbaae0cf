// channel_moments, normalize_channels, channel_gradient: batch normalization of images. Each
// channel has a plane in each image; planes are processed in memory order, not channel by channel,
// to read memory sequentially.
#pragma once

#include "core/kernels/norm/normalized_row.hpp"
#include "core/parallel.hpp"

namespace gradus::kernels {

/// Number of images that is worth using a thread.
inline int64_t images_at_once(const GroupPlan& p) {
  return std::max<int64_t>(1, (1 << 14) / std::max<int64_t>(1, p.groups * p.inner));
}

/// Calls body(plane, channel) for each plane of the images (outer, groups, inner), on all threads.
template <class Body>
void for_planes(const GroupPlan& p, Body&& body) {
  parallel_for(p.outer, images_at_once(p), [&](int64_t begin, int64_t end) {
    for (int64_t plane = begin * p.groups, channel = 0; plane < end * p.groups; ++plane) {
      body(plane, channel);
      channel = channel + 1 < p.groups ? channel + 1 : 0;
    }
  });
}

/// Adds sums(plane, channel), a Sums, for each channel: within blocks of images, then over the
/// blocks.
template <class PlaneSums>
std::vector<RowSums<double>> channel_sums(const GroupPlan& p, PlaneSums&& sums) {
  const int64_t images = images_at_once(p), blocks = chunk_count(p.outer, images);
  std::vector<RowSums<double>> totals(static_cast<std::size_t>(blocks * p.groups));
  for_planes(p, [&](int64_t plane, int64_t channel) {
    const auto own = sums(plane, channel);
    RowSums<double>& total = totals[plane / p.groups / images * p.groups + channel];
    total.first += own.first;
    total.second += own.second;
  });
  for (int64_t i = p.groups; i < blocks * p.groups; ++i) {
    totals[i % p.groups].first += totals[i].first;
    totals[i % p.groups].second += totals[i].second;
  }
  totals.resize(static_cast<std::size_t>(p.groups));
  return totals;
}

/// The same as moments, normalize and normalize_gradient, for a plan of channels.
template <class T>
void channel_moments(const GroupPlan& plan, const T* x, double* mean, T* variance);
template <class T>
void normalize_channels(const GroupPlan& plan, const T* x, const double* mean, const T* rstd,
                        const T* weight, const T* bias, T* y);
template <class T>
void channel_gradient(const GroupPlan& plan, const T* g, const T* x, const double* mean,
                      const T* rstd, const T* weight, T* dx, T* dweight, T* dbias);

/// The gradient with respect to the values of a channel's plane, dx = g·scale − a − (x − mean)·c.
template <class T>
struct ChannelGradient {
  T scale;
  Centre<T> mean;
  T a, c;
};

/// Computes it for each channel from Σ g and Σ g·(x − mean); writes dweight and dbias unless they
/// are null.
template <class T>
std::vector<ChannelGradient<T>> channel_gradients(const GroupPlan& plan,
                                                  const std::vector<RowSums<double>>& sums,
                                                  const double* mean, const T* rstd,
                                                  const T* weight, T* dweight, T* dbias);

}  // namespace gradus::kernels
