// GroupPlan: the groups of a tensor's values that are normalized together; Centre: their mean.
#pragma once

#include <cstdint>

namespace gradus::kernels {

/// A tensor seen as (outer, groups, inner), and how it is normalized and scaled. Each group is
/// normalized over outer and inner. Weight and bias are (sets, inner/span): group i uses set i mod
/// sets, which has one value for each span of consecutive elements.
///
///   batch norm     (N, C, pixels)            C sets, span = pixels
///   group norm     (1, N·G, C/G·pixels)      G sets, span = pixels
///   instance norm  (1, N·C, pixels)          C sets, span = pixels
///   layer norm     (1, rows, columns)        1 set,  span = 1
///
/// If outer isn't 1, then span is inner and sets is groups.
struct GroupPlan {
  int64_t outer, groups, inner;
  int64_t sets, span;
  bool centred = true;  ///< otherwise the mean counts as 0 (RMS norm)

  int64_t group_size() const { return outer * inner; }
  int64_t spans() const { return inner / span; }
};

/// A mean as the nearest number of the type and the rest. The rest matters where the mean is much
/// larger than the deviation: x − mean is (x − head) − rest, and x − head is exact there.
template <class T>
struct Centre {
  T head, rest;

  explicit Centre(double mean)
      : head(static_cast<T>(mean)), rest(static_cast<T>(mean - static_cast<double>(head))) {}
};

}  // namespace gradus::kernels
