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

// x^y times log x to the power of `logs`. Where a logarithm is infinite and the power of x isn't,
// it is 0, the limit for this x.
Tensor power(const Tensor& x, const Tensor& y, int logs) {
  const auto pure = [](auto u, auto v) { return kernels::pow(u, v); };
  const auto with_log = [](double u, double v) {
    const double product = kernels::pow(u, v) * kernels::log(u);
    const double limit = v < 0 ? std::numeric_limits<double>::infinity() : 0;
    return u == limit ? 0 : product;
  };
  const auto once_more = [](double u, double product) {
    return product == 0 ? 0 : product * kernels::log(u);
  };
  Tensor value = logs == 0 ? zip("pow", x, y, pure) : zip("pow", x, y, with_log);
  for (int k = 1; k < logs; ++k) value = zip("pow", x, value, once_more);
  return record("pow", {x, y}, value, [x = save(x), y = save(y), logs](const Tensor& g) {
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
    // A small y makes up for an overflow of 1/x.
    const bool is_tiny = (u < 0x1p-1000) & (u > -0x1p-1000) & (u != 0) & (v < 1) & (v > -1);
    const double result = kernels::pow(u, is_tiny ? v : v - 1);
    const double quotient_of_tiny = v / (u * 0x1p100) * result * 0x1p100;
    const double slope = is_tiny ? quotient_of_tiny : v * result;
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

// The integer (a − rest)/b, which doesn't change with a and b: not recorded.
Tensor quotient(const Tensor& a, const Tensor& b, const Tensor& rest) {
  const NoGrad no_grad;
  return zip("remainder", a - rest, b, [](auto u, auto v) {
    // An infinite divisor of the other sign goes in −1 times.
    const auto ratio = std::isinf(v) && std::isinf(u) ? -1 : u / v;
    return std::nearbyint(ratio);
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
  return record("fmod", {a, b}, zip("fmod", a, b, [](auto u, auto v) { return std::fmod(u, v); }),
                [a = save(a), b = save(b)](const Tensor& g, const Tensor& rest) {
                  return Tensors{g, b.requires_grad() ? -g * quotient(a, b, rest) : Tensor()};
                });
}

Tensor remainder(const Tensor& a, const Tensor& b) {
  const auto value = [](auto u, auto v) {
    const auto rest = std::fmod(u, v);
    return rest != 0 && (rest < 0) != (v < 0) ? rest + v : rest;
  };
  return record("remainder", {a, b}, zip("remainder", a, b, value),
                [a = save(a), b = save(b)](const Tensor& g, const Tensor& rest) {
                  return Tensors{g, b.requires_grad() ? -g * quotient(a, b, rest) : Tensor()};
                });
}

}  // namespace gradus
