// What weights are like, as matrices.
#pragma once

#include <algorithm>
#include <limits>

#include "core/autograd.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/reduce.hpp"
#include "data/eigen.hpp"
#include "layers/reparametrization.hpp"
#include "layers/sequential.hpp"

namespace gradus::lab {

/// Of a matrix (m, n), m ≤ n: f64 (m), the largest first. They are roots of eigenvalues of the
/// matrix times its transpose, so that those below 1e-7 of the largest are rounding.
inline Tensor singular_values(const Tensor& matrix) {
  const NoGrad no_grad;
  const Tensor rows = cast(matrix, DType::f64);
  const Tensor squares = data::symmetric_eigen(matmul(rows, rows, {.b = true})).values;
  return sqrt(clamp(squares, 0, std::numeric_limits<double>::max()));
}

/// Of several matrices, the worst.
struct Conditions {
  double mean = 0;       ///< the largest of a row, in units of the row's standard deviation
  double deviation = 0;  ///< by how much the standard deviation of a row misses 1 at most
  double number = 1;     ///< the largest singular value over the least
};

/// Of the weights that the dense layers of `model` multiply by, except for the last one's.
inline Conditions conditions(layers::Sequential model) {
  const NoGrad no_grad;
  layers::fold(model);
  std::vector<Tensor> weights;
  for (const auto& [name, parameter] : model.named_parameters())
    if (parameter.rank() == 2) weights.push_back(parameter);
  weights.pop_back();
  Conditions worst;
  for (const Tensor& weight : weights) {
    const Tensor deviation = sqrt(var(weight, {1}, true, false)),
                 singular = singular_values(weight);
    worst.mean = std::max(worst.mean, amax(abs(mean(weight, {1}, true) / deviation)).item());
    worst.deviation = std::max(worst.deviation, amax(abs(deviation - 1)).item());
    worst.number = std::max(worst.number, amax(singular).item() / amin(singular).item());
  }
  return worst;
}

}  // namespace gradus::lab
