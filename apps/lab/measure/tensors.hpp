// relative_difference, cosine, singular_values: comparisons of tensors.
#pragma once

#include <gradus.hpp>

namespace gradus::lab {

/// ‖x‖ over all elements.
inline double size(const Tensor& x) {
  return norm(x).item();
}

/// ‖a − b‖/‖b‖.
inline double relative_difference(const Tensor& a, const Tensor& b) {
  return size(a - b) / size(b);
}

/// The cosine of the angle between them, each flattened to a vector.
inline double cosine(const Tensor& a, const Tensor& b) {
  return sum(a * b).item() / size(a) / size(b);
}

/// The gradients of all parameters as one vector.
inline Tensor flat_gradient(const NamedTensors& parameters) {
  Tensors parts;
  for (const auto& [name, parameter] : parameters) parts.push_back(flatten(parameter.grad()));
  return cat(parts);
}

/// The singular values of a matrix (m, n), m ≤ n: f64 (m), the largest first. They are square roots
/// of the eigenvalues of the matrix times its transpose: values below 1e-7 of the largest are
/// rounding errors.
Tensor singular_values(const Tensor& matrix);

}  // namespace gradus::lab
