#include "core/ops/elementwise.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/ops/detail/unary.hpp"
#include "core/ops/shape.hpp"

namespace gradus {

using detail::map;
using detail::piecewise_constant;
using detail::sign;
using detail::step;
using detail::unary;
using detail::unary_by_result;
using detail::zip;

Tensor add(const Tensor& a, const Tensor& b) {
  return record("add", {a, b}, zip<uint64_t>("add", a, b, [](auto u, auto v) { return u + v; }),
                [](const Tensor& g) {
                  return Tensors{g, g};
                });
}

Tensor sub(const Tensor& a, const Tensor& b) {
  return record("sub", {a, b}, zip<uint64_t>("sub", a, b, [](auto u, auto v) { return u - v; }),
                [need = b.requires_grad()](const Tensor& g) {
                  return Tensors{g, need ? -g : Tensor()};
                });
}

Tensor mul(const Tensor& a, const Tensor& b) {
  return record(
      "mul", {a, b}, zip<uint64_t>("mul", a, b, [](auto u, auto v) { return u * v; }),
      [a = save(a), b = save(b)](const Tensor& g) {
        return Tensors{a.requires_grad() ? g * b : Tensor(), b.requires_grad() ? g * a : Tensor()};
      });
}

Tensor div(const Tensor& a, const Tensor& b) {
  return record("div", {a, b}, zip("div", a, b, [](auto u, auto v) { return u / v; }),
                // Not by b², which overflows and underflows where the derivative doesn't.
                [a = save(a), b = save(b)](const Tensor& g, const Tensor& y) {
                  return Tensors{a.requires_grad() ? g / b : Tensor(),
                                 b.requires_grad() ? -(g * y) / b : Tensor()};
                });
}

// The fraction of the gradient that a gets: 1 where a > b, ½ where they are equal, else 0.
static Tensor share(const Tensor& a, const Tensor& b) {
  return (sign(a - b) + 1) / 2;
}

Tensor maximum(const Tensor& a, const Tensor& b) {
  return record(
      "maximum", {a, b},
      zip<int64_t>("maximum", a, b, [](auto u, auto v) { return u > v || u != u ? u : v; }),
      [a = save(a), b = save(b)](const Tensor& g) {
        return Tensors{g * share(a, b), g * share(b, a)};
      });
}

Tensor minimum(const Tensor& a, const Tensor& b) {
  return record(
      "minimum", {a, b},
      zip<int64_t>("minimum", a, b, [](auto u, auto v) { return u < v || u != u ? u : v; }),
      [a = save(a), b = save(b)](const Tensor& g) {
        return Tensors{g * share(b, a), g * share(a, b)};
      });
}

// A constant as T; negative ones of unsigned types are those of int64_t.
template <class T>
static T constant(double value) {
  if constexpr (std::is_floating_point_v<T>)
    return static_cast<T>(value);
  else
    return static_cast<T>(static_cast<int64_t>(value));
}

void detail::require_constant(std::string_view operation, DType dtype, double value) {
  constexpr double largest_whole = 9007199254740992;
  require(dtype != DType::boolean || value == 0 || value == 1, operation,
          "a constant for a bool tensor must be 0 or 1, got {}", value);
  require(dtype != DType::i64 || (value == std::trunc(value) && std::abs(value) <= largest_whole),
          operation, "a constant for an i64 tensor must be a whole number up to 2^53, got {}",
          value);
}

// scale·x + shift, as the operation that the user called.
static Tensor affine_as(const char* operation, const Tensor& x, double scale, double shift) {
  for (const double value : {scale, shift}) detail::require_constant(operation, x.dtype(), value);
  return record(
      operation, {x},
      map<uint64_t>(operation, x,
                    [=](auto v) {
                      using T = decltype(v);
                      return constant<T>(scale) * v + constant<T>(shift);
                    }),
      [=](const Tensor& g) { return scale == 1 ? g : affine_as(operation, g, scale, 0); });
}

Tensor affine(const Tensor& x, double scale, double shift) {
  return affine_as("affine", x, scale, shift);
}

Tensor add(const Tensor& x, double c) {
  return affine_as("add", x, 1, c);
}

Tensor sub(const Tensor& x, double c) {
  return affine_as("sub", x, 1, -c);
}

Tensor sub(double c, const Tensor& x) {
  return affine_as("sub", x, -1, c);
}

Tensor mul(const Tensor& x, double c) {
  return affine_as("mul", x, c, 0);
}

Tensor div(const Tensor& x, double c) {
  require(is_floating(x.dtype()), "div", "needs f32 or f64, got {}", to_string(x.dtype()));
  return affine_as("div", x, 1 / c, 0);
}

Tensor div(double c, const Tensor& x) {
  const OperationScope scope("div");
  return mul(reciprocal(x), c);
}

Tensor exp(const Tensor& x) {
  return unary_by_result(
      "exp", x, [](auto v) { return kernels::exp(v); }, [](const auto& y) { return y; });
}

Tensor log(const Tensor& x) {
  return unary(
      "log", x, [](auto v) { return kernels::log(v); }, [](const auto& v) { return 1 / v; });
}

Tensor sqrt(const Tensor& x) {
  return unary_by_result(
      "sqrt", x, [](auto v) { return std::sqrt(v); }, [](const auto& y) { return 1 / (y + y); });
}

Tensor rsqrt(const Tensor& x) {
  return unary_by_result(
      "rsqrt", x, [](auto v) { return 1 / std::sqrt(v); },
      [](const auto& y) { return -(y * y * y) / 2; });
}

Tensor abs(const Tensor& x) {
  return unary(
      "abs", x, [](auto v) { return std::abs(v); }, [](const auto& v) { return sign(v); });
}

Tensor neg(const Tensor& x) {
  return affine_as("neg", x, -1, 0);
}

Tensor square(const Tensor& x) {
  return unary(
      "square", x, [](auto v) { return v * v; }, [](const auto& v) { return v + v; });
}

Tensor reciprocal(const Tensor& x) {
  return unary_by_result(
      "reciprocal", x, [](auto v) { return 1 / v; }, [](const auto& y) { return -(y * y); });
}

Tensor sin(const Tensor& x) {
  return unary(
      "sin", x, [](auto v) { return kernels::sin(v); },
      [](const auto& v) {
        using detail::cos;
        return cos(v);
      });
}

Tensor cos(const Tensor& x) {
  return unary(
      "cos", x, [](auto v) { return kernels::cos(v); },
      [](const auto& v) {
        using detail::sin;
        return -sin(v);
      });
}

Tensor erf(const Tensor& x) {
  return unary(
      "erf", x, [](auto v) { return kernels::erf(v); },
      [](const auto& v) {
        using detail::exp;
        return 2 * std::numbers::inv_sqrtpi * exp(-(v * v));
      });
}

Tensor pow(const Tensor& x, double exponent) {
  return unary(
      "pow", x, [exponent](auto v) { return detail::pow(v, exponent); },
      [exponent](const auto& v) {
        using detail::pow;
        return exponent == 0 ? 0 * step(v) : exponent * pow(v, exponent - 1);
      });
}

Tensor clamp(const Tensor& x, double low, double high) {
  require(low <= high, "clamp", "low must not be above high, got {} and {}", low, high);
  return unary(
      "clamp", x, [low, high](auto v) { return detail::clamp(v, low, high); },
      [low, high](const auto& v) {
        return (1 - detail::above(v, high)) * (1 - detail::below(v, low));
      });
}

Tensor step(const Tensor& x) {
  return piecewise_constant("step", x, [](auto v) { return detail::step(v); });
}

Tensor sign(const Tensor& x) {
  return piecewise_constant("sign", x, [](auto v) { return detail::sign(v); });
}

template <class From, class To>
static To converted(From v) {
  if constexpr (std::is_same_v<To, int64_t> && std::is_floating_point_v<From>) {
    // 2⁶³ is the first number that is too large; NaN fails, too.
    constexpr From limit = 9223372036854775808.0;
    require(v >= -limit && v < limit, "cast", "no i64 is {}", v);
  }
  return static_cast<To>(v);
}

Tensor cast(const Tensor& x, DType dtype) {
  if (x.dtype() == dtype) return x;
  Tensor y = Tensor::empty(x.shape(), dtype);
  dispatch(x.dtype(), [&]<class From>(From) {
    dispatch(dtype, [&]<class To>(To) {
      std::transform(x.data<From>(), x.data<From>() + x.numel(), y.mutable_data<To>(),
                     converted<From, To>);
    });
  });
  if (!is_floating(dtype)) return y;
  return record("cast", {x}, y, [back = x.dtype()](const Tensor& g) { return cast(g, back); });
}

void add_in_place(Tensor& sum, const Tensor& x) {
  require(sum.shape() == x.shape() && sum.dtype() == x.dtype(), "add_in_place",
          "the summand must have the sum's shape and type: {} and {}", x.shape(), sum.shape());
  detail::update<uint64_t>("add_in_place", sum, x, [](auto u, auto v) { return u + v; });
}

}  // namespace gradus
