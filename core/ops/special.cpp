#include "core/ops/special.hpp"

#include <cmath>

#include "core/kernels/simd/gamma.hpp"
#include "core/ops/detail/unary.hpp"

namespace gradus {

using detail::piecewise_constant;
using detail::unary;

Tensor log1p(const Tensor& x) {
  return unary(
      "log1p", x, [](auto v) { return kernels::log1p(v); },
      [](const auto& v) { return 1 / (1 + v); });
}

Tensor expm1(const Tensor& x) {
  return unary(
      "expm1", x, [](auto v) { return kernels::expm1(v); },
      [](const auto& v) {
        using detail::exp;
        return exp(v);
      });
}

Tensor floor(const Tensor& x) {
  return piecewise_constant("floor", x, [](auto v) { return std::floor(v); });
}

Tensor ceil(const Tensor& x) {
  return piecewise_constant("ceil", x, [](auto v) { return std::ceil(v); });
}

Tensor round(const Tensor& x) {
  return piecewise_constant("round", x, [](auto v) { return std::nearbyint(v); });
}

Tensor lgamma(const Tensor& x) {
  return unary(
      "lgamma", x, [](auto v) { return kernels::log_gamma(v); },
      [](const auto& v) {
        using kernels::polygamma;
        return polygamma(0, v);
      });
}

Tensor digamma(const Tensor& x) {
  return polygamma(0, x);
}

Tensor polygamma(int order, const Tensor& x) {
  require(order >= 0, "polygamma", "order must be 0 or more, got {}", order);
  return unary(
      order == 0 ? "digamma" : "polygamma", x,
      [order](auto v) { return kernels::polygamma(order, v); },
      [order](const auto& v) {
        using kernels::polygamma;
        return polygamma(order + 1, v);
      });
}

}  // namespace gradus
