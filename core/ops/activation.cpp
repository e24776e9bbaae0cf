#include "core/ops/activation.hpp"

#include <cmath>
#include <numbers>

#include "core/autograd.hpp"
#include "core/ops/detail/unary.hpp"
#include "core/ops/masks.hpp"
#include "core/ops/shape.hpp"

namespace gradus {

using detail::sigmoid;
using detail::step;
using detail::unary;
using detail::unary_by_result;

// Beyond ±flat, sigmoid and similar functions have reached their limits. Products in values and
// derivatives are computed at ±flat instead, because ∞·0 is NaN.
constexpr float flat = 1000;

// Comparisons are written so that NaN stays NaN.

Tensor relu(const Tensor& x) {
  return unary_by_result(
      "relu", x, [](auto v) { return v < 0 ? 0 : v; }, [](const auto& y) { return step(y); });
}

Tensor relu6(const Tensor& x) {
  const OperationScope scope("relu6");
  return hardtanh(x, 0, 6);
}

Tensor leaky_relu(const Tensor& x, double negative_slope) {
  return unary(
      "leaky_relu", x,
      [=](auto v) { return v < 0 ? static_cast<decltype(v)>(negative_slope) * v : v; },
      [=](const auto& v) { return negative_slope + (1 - negative_slope) * step(v); });
}

Tensor prelu(const Tensor& x, const Tensor& weight) {
  const int dim = x.rank() > 1 ? 1 : 0;
  require(weight.numel() == 1 || (x.rank() > 0 && weight.numel() == x.size(dim)), "prelu",
          "weight must have 1 element or one for each channel of x: weight {}, x {}",
          weight.shape(), x.shape());
  Shape shape;
  if (weight.numel() != 1) {
    for (int i = 0; i < x.rank(); ++i) shape = shape.inserted(i, i == dim ? weight.numel() : 1);
  }
  const Tensor slope = reshape(weight, shape);
  return record("prelu", {x, slope},
                detail::zip("prelu", x, slope, [](auto v, auto w) { return v > 0 ? v : w * v; }),
                [x = save(x), slope = save(slope)](const Tensor& g) {
                  const Tensor positive = *x > 0;
                  return Tensors{x.requires_grad() ? where(positive, g, g * slope) : Tensor(),
                                 slope.requires_grad() ? where(positive, 0, g * x) : Tensor()};
                });
}

Tensor elu(const Tensor& x, double alpha) {
  return unary(
      "elu", x,
      [=](auto v) { return v < 0 ? static_cast<decltype(v)>(alpha) * kernels::expm1(v) : v; },
      [=](const auto& v) {
        using detail::exp;
        using detail::clamp;
        const auto positive = step(v);
        return positive + (1 - positive) * alpha * exp(clamp(v, -INFINITY, 0));
      });
}

Tensor selu(const Tensor& x) {
  const OperationScope scope("selu");
  return elu(x, 1.6732632423543772848170429916717) * 1.0507009873554804934193349852946;
}

// Φ and its density, for numbers and tensors.
using kernels::normal_cdf;
static Tensor normal_cdf(const Tensor& v) {
  return 0.5 * (1 + erf(v * (1 / std::numbers::sqrt2)));
}
constexpr double density_at_0 = std::numbers::inv_sqrtpi / std::numbers::sqrt2;
template <class T>
requires std::is_floating_point_v<T> T normal_density(T v) {
  return kernels::normal_power(v) * static_cast<T>(density_at_0);
}
static Tensor normal_density(const Tensor& v) {
  return exp(v * v * -0.5) * density_at_0;
}
template <class T>
requires std::is_floating_point_v<T> T hardswish_slope(T v) {
  return v <= -3 ? 0 : v >= 3 ? 1 : (2 * v + 3) / 6;
}
Tensor hardswish_slope(const Tensor& v) {
  const Tensor below = detail::below(v, 3);
  return 1 - below + below * detail::above(v, -3) * (2 * clamp(v, -3, 3) + 3) / 6;
}

Tensor gelu(const Tensor& x) {
  return unary(
      "gelu", x, [](auto v) { return (v < -flat ? decltype(v){-flat} : v) * normal_cdf(v); },
      [](const auto& v) {
        using detail::clamp;
        const auto u = clamp(v, -flat, flat);
        return normal_cdf(u) + u * normal_density(u);
      });
}

// ½(1 + tanh u) = sigmoid(2u), and 2u = gelu_slope·(v + gelu_cube·v³).
constexpr double gelu_slope = 1.5957691216057308, gelu_cube = 0.044715;

Tensor gelu_tanh(const Tensor& x) {
  return unary(
      "gelu_tanh", x,
      [](auto v) {
        // In f64, because the sigmoid multiplies the rounding of a large argument.
        const double u = v < -flat ? -flat : v;
        return static_cast<decltype(v)>(
            v < -flat ? 0 : v * kernels::sigmoid(gelu_slope * (u + gelu_cube * (u * u * u))));
      },
      [](const auto& v) {
        using detail::clamp;
        const auto u = clamp(v, -flat, flat), square = u * u;
        const auto z = gelu_slope * (u + gelu_cube * (square * u)), s = sigmoid(z);
        return s + u * s * sigmoid(-z) * (gelu_slope * (1 + 3 * gelu_cube * square));
      });
}

Tensor silu(const Tensor& x) {
  return unary(
      "silu", x, [](auto v) { return (v < -flat ? decltype(v){-flat} : v) * sigmoid(v); },
      [](const auto& v) {
        using detail::clamp;
        const auto u = clamp(v, -flat, flat), s = sigmoid(u);
        return s * (1 + u * (1 - s));
      });
}

Tensor mish(const Tensor& x) {
  return unary(
      "mish", x,
      [](auto v) {
        return (v < -flat ? decltype(v){-flat} : v) * kernels::tanh(kernels::softplus(v));
      },
      [](const auto& v) {
        using detail::clamp;
        using detail::softplus;
        using detail::tanh;
        const auto u = clamp(v, -flat, flat), t = tanh(softplus(u));
        return t + u * sigmoid(u) * (1 - t * t);
      });
}

Tensor hardswish(const Tensor& x) {
  const auto value = [](auto v) { return v < -3 ? 0 : v > 3 ? v : v * (v + 3) / 6; };
  return unary("hardswish", x, value, [](const auto& v) { return hardswish_slope(v); });
}

Tensor softplus(const Tensor& x) {
  return unary(
      "softplus", x, [](auto v) { return kernels::softplus(v); },
      [](const auto& v) { return sigmoid(v); });
}

Tensor sigmoid(const Tensor& x) {
  return unary_by_result(
      "sigmoid", x, [](auto v) { return detail::sigmoid(v); },
      [](const auto& y) { return y * (1 - y); });
}

Tensor tanh(const Tensor& x) {
  return unary_by_result(
      "tanh", x, [](auto v) { return kernels::tanh(v); }, [](const auto& y) { return 1 - y * y; });
}

Tensor hardtanh(const Tensor& x, double low, double high) {
  require(low < high, "hardtanh", "needs low < high, got {} and {}", low, high);
  return unary(
      "hardtanh", x, [low, high](auto v) { return detail::clamp(v, low, high); },
      [low, high](const auto& v) { return detail::above(v, low) * detail::below(v, high); });
}

}  // namespace gradus
