// How far tensors are apart, and what is compared.
#pragma once

#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"

namespace gradus::lab {

/// ‖x‖ over all elements.
inline double size(const Tensor& x) {
  return norm(x).item();
}

/// ‖a − b‖/‖b‖.
inline double relative_difference(const Tensor& a, const Tensor& b) {
  return size(a - b) / size(b);
}

/// The cosine of the angle between them, each taken as one vector.
inline double cosine(const Tensor& a, const Tensor& b) {
  return sum(a * b).item() / size(a) / size(b);
}

/// The gradients of all parameters as one vector.
inline Tensor flat_gradient(const NamedTensors& parameters) {
  Tensors parts;
  for (const auto& [name, parameter] : parameters) parts.push_back(flatten(parameter.grad()));
  return cat(parts);
}

}  // namespace gradus::lab
