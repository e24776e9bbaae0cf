#include "apps/lab/measure/tensors.hpp"

#include <cmath>

namespace gradus::lab {

Tensor singular_values(const Tensor& matrix) {
  const NoGrad no_grad;
  const Tensor rows = cast(matrix, DType::f64);
  std::vector<double> values =
      linalg::eigh(matmul(rows, rows, {.b = true})).values.to_vector<double>();
  std::ranges::reverse(values);
  for (double& value : values) value = std::sqrt(std::max(0.0, value));
  return Tensor::from(values, {std::ssize(values)});
}

}  // namespace gradus::lab
