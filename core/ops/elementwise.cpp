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
  return record("add", {a, b}, zip("add", a, b, [](auto u, auto v) { return u + v; }),
                [](const Tensor& g) {
                  return Tensors{g, g};
                });
}

Tensor sub(const Tensor& a, const Tensor& b) {
  return record("sub", {a, b}, zip("sub", a, b, [](auto u, auto v) { return u - v; }),
                [need = b.requires_grad()](const Tensor& g) {
                  return Tensors{g, need ? -g : Tensor()};
                });
}

Tensor mul(const Tensor& a, const Tensor& b) {
  return record(
      "mul", {a, b}, zip("mul", a, b, [](auto u, auto v) { return u * v; }),
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
  return record("maximum", {a, b},
                zip("maximum", a, b, [](auto u, auto v) { return u > v || u != u ? u : v; }),
                [a = save(a), b = save(b)](const Tensor& g) {
                  return Tensors{g * share(a, b), g * share(b, a)};
                });
}

Tensor minimum(const Tensor& a, const Tensor& b) {
  return record("minimum", {a, b},
                zip("minimum", a, b, [](auto u, auto v) { return u < v || u != u ? u : v; }),
                [a = save(a), b = save(b)](const Tensor& g) {
                  return Tensors{g * share(b, a), g * share(a, b)};
                });
}

Tensor affine(const Tensor& x, double scale, double shift) {
  return record("affine", {x},
                map("affine", x,
                    [=](auto v) {
                      return static_cast<decltype(v)>(scale) * v + static_cast<decltype(v)>(shift);
                    }),
                [scale](const Tensor& g) { return scale == 1 ? g : affine(g, scale, 0); });
}

Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b) {
  require(condition.dtype() == DType::i64, "where", "the condition must be i64, got {}",
          to_string(condition.dtype()));
  require(a.dtype() == b.dtype(), "where", "both operands must have the same type, got {} and {}",
          to_string(a.dtype()), to_string(b.dtype()));
  const Shape shape =
      broadcast("where", broadcast("where", a.shape(), b.shape()), condition.shape());
  const Tensor chosen = expand(condition, shape), from_a = expand(a, shape),
               from_b = expand(b, shape);
  Tensor y = Tensor::empty(shape, a.dtype());
  dispatch_floating("where", a.dtype(), [&]<class T>(T) {
    const int64_t* c = chosen.data<int64_t>();
    const T *u = from_a.data<T>(), *v = from_b.data<T>();
    T* to = y.mutable_data<T>();
    for (int64_t i = 0; i < y.numel(); ++i) to[i] = c[i] ? u[i] : v[i];
  });
  return record("where", {a, b}, y, [condition = save(condition)](const Tensor& g) {
    const Tensor zero = Tensor::scalar(0, g.dtype());
    return Tensors{where(condition, g, zero), where(condition, zero, g)};
  });
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
  return affine(x, -1, 0);
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

Tensor cast(const Tensor& x, DType dtype) {
  if (x.dtype() == dtype) return x;
  Tensor y = Tensor::empty(x.shape(), dtype);
  dispatch_floating("cast", x.dtype(), [&]<class From>(From) {
    dispatch_floating("cast", dtype, [&]<class To>(To) {
      std::transform(x.data<From>(), x.data<From>() + x.numel(), y.mutable_data<To>(),
                     [](From v) { return static_cast<To>(v); });
    });
  });
  return record("cast", {x}, y, [back = x.dtype()](const Tensor& g) { return cast(g, back); });
}

void add_in_place(Tensor& sum, const Tensor& x) {
  require(sum.shape() == x.shape() && sum.dtype() == x.dtype(), "add_in_place",
          "the summand must have the sum's shape and type: {} and {}", x.shape(), sum.shape());
  detail::update("add_in_place", sum, x, [](auto u, auto v) { return u + v; });
}

}  // namespace gradus
