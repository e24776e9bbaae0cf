// How far tensors are apart.
#pragma once

#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"

namespace gradus::lab {

/// ‖x‖, over all elements.
inline double size(const Tensor& x) {
  return norm(x).item();
}

/// ‖a − b‖/‖b‖.
inline double relative_difference(const Tensor& a, const Tensor& b) {
  return size(a - b) / size(b);
}

}  // namespace gradus::lab
