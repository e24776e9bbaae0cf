// special_rows, binary_rows: operations of special.hpp and binary.hpp.
#pragma once

#include <cmath>

#include "core/ops/binary.hpp"
#include "core/ops/special.hpp"
#include "tests/core/ops/row.hpp"

namespace gradus::testing {

/// The derivative of order n of digamma: by the recurrence up to where few terms of the series
/// remain.
inline Real exact_polygamma(int n, Real x) {
  if (std::isnan(x) || x == -INFINITY) return NAN;
  if (x == INFINITY) return n == 0 ? INFINITY : 0;
  if (x <= -1 && std::floor(x) == x) return n % 2 ? INFINITY : NAN;
  const auto term = [n](Real at) {
    Real result = 1 / at;
    for (int k = 1; k <= n; ++k) result *= k / at;
    return result;
  };
  const Real shifts = std::max<Real>(0, std::ceil(60 - x)), far = x + shifts;
  const Real bernoulli[] = {1.0L / 6, -1.0L / 30, 1.0L / 42, -1.0L / 30, 5.0L / 66};
  Real sum = term(far) / 2, factor = term(far) * (n + 1) / far / 2;
  for (int k = 1; k <= 5; ++k) {
    sum += bernoulli[k - 1] * factor;
    factor *= (2 * k + n) / far * ((2 * k + n + 1) / far) / ((2 * k + 1) * (2 * k + 2));
  }
  Real leading = n == 0 ? -std::log(far) : 1;
  for (int k = 1; k <= n; ++k) leading *= std::max(1, k - 1) / far;
  sum += leading;
  for (Real k = shifts - 1; k > 0; --k) sum += term(x + k);
  if (shifts > 0) sum += term(x);
  return n % 2 ? sum : -sum;
}

template <int n>
Real exact_polygamma(Real x) {
  return exact_polygamma(n, x);
}

inline std::vector<Row> special_rows() {
  const auto flat = [](Real) { return 0.0L; };
  return {of_positive(elementwise("log1p", log1p, std::log1p, [](Real x) { return 1 / (1 + x); })),
          elementwise("expm1", expm1, std::expm1, std::exp),
          elementwise("floor", floor, std::floor, flat, {-1, 0, 1}),
          elementwise("ceil", ceil, std::ceil, flat, {-1, 0, 1}),
          elementwise("round", round, std::nearbyint, flat, {-1.5, -0.5, 0.5, 2.5}),
          of_positive(elementwise("lgamma", lgamma, std::lgamma, exact_polygamma<0>)),
          of_positive(elementwise("digamma", digamma, exact_polygamma<0>, exact_polygamma<1>)),
          of_positive(elementwise(
              "polygamma", [](const Tensors& t) { return polygamma(1, t[0]); }, exact_polygamma<1>,
              exact_polygamma<2>))};
}

inline Reals exact_pow(const Reals& x) {
  const Real power = std::pow(x[0], x[1]), slope = x[1] * std::pow(x[0], x[1] - 1);
  const bool is_limit = (x[0] == 0 && x[1] >= 0) || (x[0] == INFINITY && x[1] < 0);
  return {power, x[1] == 0 ? 0 : slope, is_limit ? 0 : power * std::log(x[0])};
}

inline Reals exact_logaddexp(const Reals& x) {
  const Real larger = std::max(x[0], x[1]), gap = x[0] == x[1] ? 0 : x[0] - x[1];
  return {std::isnan(gap) ? NAN : larger + std::log1p(std::exp(-std::abs(gap))),
          1 / (1 + std::exp(-gap)), 1 / (1 + std::exp(gap))};
}

inline Reals exact_atan2(const Reals& x) {
  const Real square = x[0] * x[0] + x[1] * x[1];
  if (square == 0 || std::isinf(square)) return {std::atan2(x[0], x[1]), 0, 0};
  return {std::atan2(x[0], x[1]), x[1] / square, -x[0] / square};
}

inline Reals exact_fmod(const Reals& x) {
  return {std::fmod(x[0], x[1]), 1, -std::trunc(x[0] / x[1])};
}

inline Reals exact_remainder(const Reals& x) {
  const Real rest = std::fmod(x[0], x[1]), quotient = x[0] / x[1];
  const bool is_below = rest != 0 && (rest < 0) != (x[1] < 0);
  // For b = ∞ the quotient is 0, or −1 below it.
  const Real whole = quotient == 0 ? (is_below ? -1 : 0.0L) : std::floor(quotient);
  return {is_below ? rest + x[1] : rest, 1, -whole};
}

inline std::vector<Row> binary_rows() {
  Row power{"pow of tensors",
            [](Sampler& s) {
              return Tensors{s.positive({s.n(3), 1, 4}), s.real({2, 1})};
            },
            [](const Tensors& t) { return pow(t[0], t[1]); }, exact_pow};
  // Larger powers have no f32.
  power.reach = 2;
  return {power, binary("logaddexp", logaddexp, exact_logaddexp),
          binary("atan2", atan2, exact_atan2), binary("fmod", fmod, exact_fmod),
          binary("remainder", remainder, exact_remainder)};
}

}  // namespace gradus::testing
