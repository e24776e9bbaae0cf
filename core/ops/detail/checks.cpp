#include "core/ops/detail/checks.hpp"

#include <cmath>

namespace gradus::detail {

void check_like(std::string_view operation, std::string_view name, const Tensor& tensor,
                const Shape& shape, const Tensor& x) {
  if (!tensor.defined()) return;
  require(tensor.shape() == shape, operation, "{} must be {}, got {}: input {}", name, shape,
          tensor.shape(), x.shape());
  require(tensor.dtype() == x.dtype(), operation, "{} must have the input's type {}, got {}", name,
          to_string(x.dtype()), to_string(tensor.dtype()));
}

void check_eps(std::string_view operation, double eps) {
  require(eps > 0 && std::isfinite(eps), operation, "eps must be positive, got {}", eps);
}

Shape leading(const Shape& shape) {
  return Shape(std::span(shape.begin(), static_cast<std::size_t>(shape.rank() - 2)));
}

}  // namespace gradus::detail
