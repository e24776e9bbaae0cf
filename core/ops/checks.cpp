#include "core/ops/checks.hpp"

#include <cmath>

namespace gradus::detail {

void check_like(std::string_view operation, std::string_view name, const Tensor& tensor,
                const Shape& shape, const Tensor& x) {
  if (!tensor) return;
  require(tensor.shape() == shape, operation, "{} {} isn't {}: input {}", name, tensor.shape(),
          shape, x.shape());
  require(tensor.dtype() == x.dtype(), operation, "{} is {}, input {}", name,
          to_string(tensor.dtype()), to_string(x.dtype()));
}

void check_eps(std::string_view operation, double eps) {
  require(eps > 0 && std::isfinite(eps), operation, "eps is positive, got {}", eps);
}

}  // namespace gradus::detail
