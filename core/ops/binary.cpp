#include "core/ops/binary.hpp"

#include <cmath>
#include <limits>

#include "core/autograd.hpp"
#include "core/kernels/simd/arctangent.hpp"
#include "core/kernels/simd/logarithm.hpp"
#include "core/ops/activation.hpp"
#include "core/ops/detail/map.hpp"
#include "core/ops/elementwise.hpp"

namespace gradus {

using detail::zip;

namespace {

Tensor power_slope(const Tensor& x, const Tensor& y);

// x^y·log x raised to `logs`. Where the power is 0 at an infinite logarithm, or 0⁰, it is the limit
// for fixed x: 0.
Tensor power(const Tensor& x, const Tensor& y, int logs) {
  const auto value = [logs](double u, double v) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    double result = kernels::pow(u, v);
    const bool is_limit = (u == 0 && v >= 0) || (u == infinity && v < 0);
    const double factor = is_limit ? 0 : kernels::log(u);
    for (int k = 0; k < logs; ++k) result *= factor;
    return result;
  };
  return record("pow", {x, y}, zip("pow", x, y, value),
                [x = save(x), y = save(y), logs](const Tensor& g) {
                  const auto by_x = [&] {
                    if (logs == 0) return power_slope(x, y);
                    const Tensor below = *y - 1;
                    return *y * power(x, below, logs) + logs * power(x, below, logs - 1);
                  };
                  return Tensors{x.requires_grad() ? g * by_x() : Tensor(),
                                 y.requires_grad() ? g * power(x, y, logs + 1) : Tensor()};
                });
}

// The derivative of x^y by x: y·x^(y − 1), 0 for y = 0.
Tensor power_slope(const Tensor& x, const Tensor& y) {
  const auto value = [](double u, double v) {
    const double reduced = kernels::pow(u, v - 1), size = v < 0 ? -v : v;
    // A small y makes up for an overflow.
    const double slope =
        size < 1 && u != 0 && std::isinf(reduced) ? v / u * kernels::pow(u, v) : v * reduced;
    return v == 0 ? 0 : slope;
  };
  return record(
      "pow", {x, y}, zip("pow", x, y, value), [x = save(x), y = save(y)](const Tensor& g) {
        const Tensor below = *y - 1;
        return Tensors{
            x.requires_grad() ? g * *y * power_slope(x, below) : Tensor(),
            y.requires_grad() ? g * (power(x, below, 0) + *y * power(x, below, 1)) : Tensor()};
      });
}

// a − b; 0 for equal infinities.
Tensor gap(const Tensor& a, const Tensor& b) {
  return record("logaddexp", {a, b},
                zip("logaddexp", a, b, [](auto u, auto v) { return u == v ? 0 : u - v; }),
                [](const Tensor& g) {
                  return Tensors{g, -g};
                });
}

// b/(a² + b²), without overflow; 0 at the origin. With p and q, this and its counterpart
// a/(a² + b²), the derivatives are −2pq and q² − p².
Tensor over_square(const Tensor& a, const Tensor& b) {
  const auto value = [](double u, double v) {
    const double height = std::abs(u), width = std::abs(v);
    const double scale = height > width ? height : width;
    const double x = u / scale, y = v / scale, slope = y / (x * x + y * y) / scale;
    return scale == 0 || height > std::numeric_limits<double>::max() ||
                   width > std::numeric_limits<double>::max()
               ? 0
               : slope;
  };
  return record("atan2", {a, b}, zip("atan2", a, b, value),
                [a = save(a), b = save(b)](const Tensor& g, const Tensor& p) {
                  const Tensor q = over_square(b, a);
                  return Tensors{-2 * g * p * q, g * (square(q) - square(p))};
                });
}

}  // namespace

Tensor pow(const Tensor& x, const Tensor& exponent) {
  return power(x, exponent, 0);
}

Tensor logaddexp(const Tensor& a, const Tensor& b) {
  const auto value = [](double u, double v) {
    const double larger = u > v ? u : v, size = std::abs(u - v);
    return larger + kernels::softplus(u == v ? 0 : -size);
  };
  return record("logaddexp", {a, b}, zip("logaddexp", a, b, value),
                [a = save(a), b = save(b)](const Tensor& g) {
                  const Tensor difference = gap(a, b);
                  return Tensors{g * sigmoid(difference), g * sigmoid(-difference)};
                });
}

Tensor atan2(const Tensor& a, const Tensor& b) {
  return record("atan2", {a, b},
                zip("atan2", a, b, [](auto u, auto v) { return kernels::atan2(u, v); }),
                [a = save(a), b = save(b)](const Tensor& g) {
                  return Tensors{g * over_square(a, b), -g * over_square(b, a)};
                });
}

Tensor fmod(const Tensor& a, const Tensor& b) {
  return record(
      "fmod", {a, b}, zip("fmod", a, b, [](auto u, auto v) { return std::fmod(u, v); }),
      [a = save(a), b = save(b)](const Tensor& g) {
        const auto quotient = [](double u, double v) {
          return std::nearbyint((u - std::fmod(u, v)) / v);
        };
        return Tensors{g, b.requires_grad() ? -g * zip("fmod", a, b, quotient) : Tensor()};
      });
}

Tensor remainder(const Tensor& a, const Tensor& b) {
  // Whether the remainder with the sign of the dividend has the wrong one.
  const auto is_below = [](auto rest, auto v) { return rest != 0 && (rest < 0) != (v < 0); };
  const auto value = [is_below](auto u, auto v) {
    const auto rest = std::fmod(u, v);
    return is_below(rest, v) ? rest + v : rest;
  };
  return record(
      "remainder", {a, b}, zip("remainder", a, b, value),
      [a = save(a), b = save(b), is_below](const Tensor& g) {
        const auto quotient = [is_below](double u, double v) {
          const double rest = std::fmod(u, v);
          return std::nearbyint((u - rest) / v) - (is_below(rest, v) ? 1 : 0);
        };
        return Tensors{g, b.requires_grad() ? -g * zip("remainder", a, b, quotient) : Tensor()};
      });
}

}  // namespace gradus
