// arithmetic_rows, function_rows, activation_rows, reduce_rows, shape_rows: elementwise operations,
// reductions and layout.
#pragma once

#include <cmath>
#include <numbers>

#include "core/ops/activation.hpp"
#include "core/ops/dropout.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/indexing.hpp"
#include "core/ops/masks.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "core/ops/sort.hpp"
#include "tests/core/ops/row.hpp"

namespace gradus::testing {

/// The larger of two numbers and the shares of its derivative, as maximum() has them; `sign` −1 for
/// the smaller.
inline Reals extreme(Real a, Real b, Real sign) {
  if (std::isnan(a) || std::isnan(b)) return {NAN, NAN, NAN};
  const Real share = a == b ? 0.5L : sign * a > sign * b ? 1 : 0;
  return {share > 0 ? a : b, share, 1 - share};
}

inline std::vector<Row> arithmetic_rows() {
  return {binary("add", add,
                 [](const Reals& x) {
                   return Reals{x[0] + x[1], 1, 1};
                 }),
          binary("sub", sub,
                 [](const Reals& x) {
                   return Reals{x[0] - x[1], 1, -1};
                 }),
          binary("mul", mul,
                 [](const Reals& x) {
                   return Reals{x[0] * x[1], x[1], x[0]};
                 }),
          binary("div", div,
                 [](const Reals& x) {
                   return Reals{x[0] / x[1], 1 / x[1], -(x[0] / x[1]) / x[1]};
                 }),
          binary("maximum", maximum, [](const Reals& x) { return extreme(x[0], x[1], 1); }),
          binary("minimum", minimum, [](const Reals& x) { return extreme(x[0], x[1], -1); }),
          elementwise(
              "mul of a tensor with itself", [](const Tensors& t) { return t[0] * t[0]; },
              [](Real x) { return x * x; }, [](Real x) { return 2 * x; }),
          elementwise(
              "affine", [](const Tensors& t) { return affine(t[0], 4, -1); },
              [](Real x) { return 4 * x - 1; }, [](Real) { return 4.0L; }),
          {"where",
           [](Sampler& s) {
             return Tensors{s.index({s.n(3), 4}, 2), s.real({s.n(3), 4}), s.real({4})};
           },
           [](const Tensors& t) { return where(t[0] != 0, t[1], t[2]); },
           [](const Reals& x) {
             return x[0] != 0 ? Reals{x[1], 1, 0} : Reals{x[2], 0, 1};
           }},
          {"masked_fill",
           [](Sampler& s) {
             return Tensors{s.real({s.n(3), 4}), s.index({4}, 2)};
           },
           [](const Tensors& t) { return masked_fill(t[0], t[1] != 0, 7); },
           [](const Reals& x) {
             return x[1] != 0 ? Reals{7, 0} : Reals{x[0], 1};
           }},
          {"prelu",
           [](Sampler& s) {
             return Tensors{s.real({s.n(2), 3, 2}), s.real({3})};
           },
           [](const Tensors& t) { return prelu(t[0], t[1]); },
           [](const Reals& x) {
             return x[0] > 0 ? Reals{x[0], 1, 0} : Reals{x[1] * x[0], x[1], x[0]};
           }}};
}

inline std::vector<Row> function_rows() {
  return {
      elementwise("exp", exp, std::exp, std::exp),
      of_positive(elementwise("log", log, std::log, [](Real x) { return 1 / x; })),
      of_positive(
          elementwise("sqrt", sqrt, std::sqrt, [](Real x) { return 1 / (2 * std::sqrt(x)); })),
      of_positive(elementwise(
          "rsqrt", rsqrt, [](Real x) { return 1 / std::sqrt(x); },
          [](Real x) { return -std::pow(1 / std::sqrt(x), 3.0L) / 2; })),
      elementwise("abs", abs, std::abs, [](Real x) { return x > 0   ? 1
                                                            : x < 0 ? -1
                                                                    : 0.0L; }, {0}),
      elementwise(
          "neg", neg, [](Real x) { return -x; }, [](Real) { return -1.0L; }),
      elementwise(
          "square", square, [](Real x) { return x * x; }, [](Real x) { return 2 * x; }),
      elementwise(
          "reciprocal", reciprocal, [](Real x) { return 1 / x; },
          [](Real x) { return -1 / x / x; }),
      elementwise("sin", sin, std::sin, std::cos),
      elementwise("cos", cos, std::cos, [](Real x) { return -std::sin(x); }),
      elementwise("erf", erf, std::erf,
                  [](Real x) { return 2 * std::numbers::inv_sqrtpi_v<Real> * std::exp(-x * x); }),
      of_positive(elementwise(
          "pow", [](const Tensors& t) { return pow(t[0], 1.75); },
          [](Real x) { return std::pow(x, 1.75L); },
          [](Real x) { return 1.75L * std::pow(x, 0.75L); })),
      elementwise(
          "pow 3", [](const Tensors& t) { return pow(t[0], 3); }, [](Real x) { return x * x * x; },
          [](Real x) { return 3 * x * x; }),
      elementwise(
          "pow 0", [](const Tensors& t) { return pow(t[0], 0); }, [](Real) { return 1.0L; },
          [](Real) { return 0.0L; }),
      elementwise(
          "clamp", [](const Tensors& t) { return clamp(t[0], -0.5, 0.8); },
          [](Real x) { return x < -0.5  ? -0.5L
                              : x > 0.8 ? 0.8L
                                        : x; },
          [](Real x) { return x >= -0.5 && x <= 0.8 ? 1 : 0.0L; }, {-0.5, 0.8}),
      elementwise(
          "step", step, [](Real x) { return x > 0 ? 1 : 0.0L; }, [](Real) { return 0.0L; }, {0}),
      elementwise(
          "sign", sign, [](Real x) { return x > 0   ? 1
                                            : x < 0 ? -1
                                                    : 0.0L; },
          [](Real) { return 0.0L; }, {0})};
}

// A limit at −∞ where the formula would be ∞·0.
inline Real falling(Real x, RealFunction f) {
  return std::isinf(x) && x < 0 ? 0 : f(x);
}
inline Real exact_sigmoid(Real x) {
  return 1 / (1 + std::exp(-x));
}
inline Real exact_softplus(Real x) {
  return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
}
inline Real exact_cdf(Real x) {
  return std::erfc(-x / std::numbers::sqrt2_v<Real>) / 2;
}

// gelu_tanh(x) = x·sigmoid(gelu_argument(x)).
inline Real gelu_argument(Real x) {
  return 2 * std::sqrt(2 / std::numbers::pi_v<Real>) * (x + 0.044715L * x * x * x);
}
inline Real gelu_argument_slope(Real x) {
  return 2 * std::sqrt(2 / std::numbers::pi_v<Real>) * (1 + 3 * 0.044715L * x * x);
}

inline std::vector<Row> activation_rows() {
  return {
      elementwise(
          "relu", relu, [](Real x) { return x < 0 ? 0 : x; },
          [](Real x) { return x > 0 ? 1 : 0.0L; }, {0}),
      elementwise(
          "relu6", relu6, [](Real x) { return x < 0   ? 0
                                              : x > 6 ? 6
                                                      : x; },
          [](Real x) { return x > 0 && x < 6 ? 1 : 0.0L; }, {0, 6}),
      elementwise(
          "leaky_relu", [](const Tensors& t) { return leaky_relu(t[0], 0.2); },
          [](Real x) { return x > 0 ? x : 0.2L * x; }, [](Real x) { return x > 0 ? 1 : 0.2L; },
          {0}),
      elementwise(
          "elu", [](const Tensors& t) { return elu(t[0], 0.7); },
          [](Real x) { return x > 0 ? x : 0.7L * std::expm1(x); },
          [](Real x) { return x > 0 ? 1 : 0.7L * std::exp(x); }, {0}),
      elementwise(
          "selu", selu,
          [](Real x) {
            return 1.0507009873554804934193349852946L *
                   (x > 0 ? x : 1.6732632423543772848170429916717L * std::expm1(x));
          },
          [](Real x) {
            return 1.0507009873554804934193349852946L *
                   (x > 0 ? 1 : 1.6732632423543772848170429916717L * std::exp(x));
          },
          {0}),
      elementwise(
          "gelu", gelu, [](Real x) { return falling(x, [](Real v) { return v * exact_cdf(v); }); },
          [](Real x) {
            return std::isinf(x) ? (x > 0 ? 1 : 0)
                                 : exact_cdf(x) + x * std::exp(-x * x / 2) *
                                                      std::numbers::inv_sqrtpi_v<Real> /
                                                      std::numbers::sqrt2_v<Real>;
          }),
      elementwise(
          "gelu_tanh", gelu_tanh,
          [](Real x) {
            return falling(x, [](Real v) { return v / (1 + std::exp(-gelu_argument(v))); });
          },
          [](Real x) {
            if (std::isinf(x)) return Real(x > 0);
            const Real s = 1 / (1 + std::exp(-gelu_argument(x)));
            return s + x * s * (1 - s) * gelu_argument_slope(x);
          }),
      elementwise(
          "silu", silu,
          [](Real x) { return falling(x, [](Real v) { return v * exact_sigmoid(v); }); },
          [](Real x) {
            return std::isinf(x) ? (x > 0 ? 1 : 0) : exact_sigmoid(x) * (1 + x * exact_sigmoid(-x));
          }),
      elementwise(
          "mish", mish,
          [](Real x) {
            return falling(x, [](Real v) { return v * std::tanh(exact_softplus(v)); });
          },
          [](Real x) {
            if (std::isinf(x)) return x > 0 ? 1 : 0.0L;
            const Real t = std::tanh(exact_softplus(x)), c = std::cosh(exact_softplus(x));
            return t + x * exact_sigmoid(x) / c / c;
          }),
      elementwise(
          "hardswish", hardswish, [](Real x) { return x < -3  ? 0
                                                      : x > 3 ? x
                                                              : x * (x + 3) / 6; },
          [](Real x) { return x <= -3  ? 0
                              : x >= 3 ? 1
                                       : (2 * x + 3) / 6; }, {-3, 3}),
      elementwise("softplus", softplus, exact_softplus, exact_sigmoid),
      elementwise("sigmoid", sigmoid, exact_sigmoid,
                  [](Real x) { return exact_sigmoid(x) * exact_sigmoid(-x); }),
      elementwise("tanh", tanh, std::tanh, [](Real x) { return 1 / std::cosh(x) / std::cosh(x); }),
      elementwise(
          "hardtanh", [](const Tensors& t) { return hardtanh(t[0], -0.7, 1.2); },
          [](Real x) { return x < -0.7  ? -0.7L
                              : x > 1.2 ? 1.2L
                                        : x; },
          [](Real x) { return x > -0.7 && x < 1.2 ? 1 : 0.0L; }, {-0.7, 1.2}),
      of_real("dropout",
              [](const Tensors& t) {
                Rng rng(7);
                return dropout(t[0], 0.4, rng);
              }),
      {"dropout2d", image, [](const Tensors& t) {
         Rng rng(7);
         return dropout2d(t[0], 0.4, rng);
       }}};
}

/// Σ i·xᵢ along `dim`: a number that every place in an order has its part in.
inline Tensor weighted_sum(const Tensor& x, int dim) {
  const Tensor places = Tensor::arange(x.size(dim), x.dtype()) + 1;
  return sum(transpose(x, dim, -1) * places, {-1});
}

inline std::vector<Row> reduce_rows() {
  const auto cube = [](Sampler& s) { return Tensors{s.real({2, s.n(3), 4})}; };
  const auto reduces = [=](std::string name, Tensor (*f)(const Tensor&, const Dims&, bool)) {
    return Row{std::move(name), cube, [=](const Tensors& t) {
                 return f(t[0], {0, -1}, true) + f(t[0], {1}, true) + f(t[0], {}, false) +
                        sum(f(t[0], {1}, false));
               }};
  };
  return {
      reduces("sum", sum),
      reduces("mean", mean),
      reduces("amax", amax),
      reduces("amin", amin),
      limit_below(reduces("logsumexp", logsumexp)),
      {"var", cube,
       [](const Tensors& t) {
         return var(t[0], {0, 2});
       }},
      {"var, biased", cube, [](const Tensors& t) { return var(t[0], {1}, true, false); }},
      {"std", cube,
       [](const Tensors& t) {
         return gradus::std(t[0], {0, 2});
       }},
      {"std, biased", cube, [](const Tensors& t) { return gradus::std(t[0], {1}, true, false); }},
      {"prod", cube,
       [](const Tensors& t) {
         return prod(t[0], {0, 2}, true) + prod(t[0], {2}, true);
       }},
      without_limits({"norm", cube,
                      [](const Tensors& t) {
                        return norm(t[0], 2, {0, 2});
                      }}),
      {"norm 1", cube, [](const Tensors& t) { return norm(t[0], 1, {1}); }},
      without_limits({"norm 3.5", cube,
                      [](const Tensors& t) {
                        return norm(t[0], 3.5, {0, 1}, true);
                      }}),
      {"norm infinity", cube, [](const Tensors& t) { return norm(t[0], INFINITY, {2}); }},
      limit_below({"softmax", cube, [](const Tensors& t) { return softmax(t[0], -1); }}),
      limit_below({"softmax along 1", cube, [](const Tensors& t) { return softmax(t[0], 1); }}),
      limit_below({"log_softmax", cube, [](const Tensors& t) { return log_softmax(t[0], 2); }}),
      limit_below(
          {"log_softmax along 0", cube, [](const Tensors& t) { return log_softmax(t[0], 0); }}),
      {"cumsum", cube, [](const Tensors& t) { return cumsum(t[0], 1); }},
      {"cumprod", cube, [](const Tensors& t) { return cumprod(t[0], 2); }},
      {"cumprod along 0", cube, [](const Tensors& t) { return cumprod(t[0], 0); }},
      {"sort", cube, [](const Tensors& t) { return weighted_sum(sort(t[0], 1).values, 1); }},
      {"sort, descending", cube,
       [](const Tensors& t) { return weighted_sum(sort(t[0], -1, true).values, -1); }},
      {"topk", cube, [](const Tensors& t) { return weighted_sum(topk(t[0], 2).values, -1); }}};
}

inline std::vector<Row> shape_rows() {
  const auto cube = [](Sampler& s) { return Tensors{s.real({3, s.n(4), 2})}; };
  const auto select = [](int dim) {
    return [dim](const Tensors& t) { return index_select(t[0], dim, t[1]); };
  };
  return {{"reshape", cube,
           [](const Tensors& t) {
             return reshape(t[0], {-1, 6});
           }},
          {"flatten", cube, [](const Tensors& t) { return flatten(t[0], 1); }},
          {"squeeze", cube, [](const Tensors& t) { return squeeze(unsqueeze(t[0], 1), 1); }},
          {"expand", cube,
           [](const Tensors& t) {
             return expand(unsqueeze(t[0], 1), {3, 5, t[0].size(1), 2});
           }},
          {"permute", cube,
           [](const Tensors& t) {
             return permute(t[0], {1, 2, 0});
           }},
          {"transpose", cube, [](const Tensors& t) { return transpose(t[0], 0, -1); }},
          {"slice", cube, [](const Tensors& t) { return slice(t[0], 0, 1, 3); }},
          {"index", cube,
           [](const Tensors& t) {
             return t[0](Slice{0, 3, 2}, -1);
           }},
          {"row_view", cube, [](const Tensors& t) { return row_view(t[0], 1, 2); }},
          {"slice with a step", cube, [](const Tensors& t) { return slice(t[0], 1, 1, -1, 2); }},
          {"cat",
           [](Sampler& s) {
             return Tensors{s.real({2, s.n(2), 3}), s.real({2, s.n(1), 3}), s.real({2, 1, 3})};
           },
           [](const Tensors& t) { return cat(t, 1); }},
          {"stack", equal_pair, [](const Tensors& t) { return stack(t, -1); }},
          {"pad", cube,
           [](const Tensors& t) {
             return pad(t[0], {1, 2, 0, 1}, 0.5);
           }},
          {"index_select",
           [](Sampler& s) {
             return Tensors{s.real({4, 3}), s.index({s.n(5)}, 4)};
           },
           select(0)},
          {"index_select along 1",
           [](Sampler& s) {
             return Tensors{s.real({s.n(2), 3, 2}), s.index({4}, 3)};
           },
           select(1)},
          {"index_add",
           [](Sampler& s) {
             return Tensors{s.real({2, 4, s.n(2)}), s.index({4}, 3)};
           },
           [](const Tensors& t) { return index_add(t[0].shape().with(1, 3), 1, t[1], t[0]); }},
          {"gather",
           [](Sampler& s) {
             return Tensors{s.real({s.n(3), 4}), s.index({s.n(3), 2}, 4)};
           },
           [](const Tensors& t) { return gather(t[0], 1, t[1]); }},
          {"gather along 0",
           [](Sampler& s) {
             return Tensors{s.real({4, s.n(3)}), s.index({5, s.n(2)}, 4)};
           },
           [](const Tensors& t) { return gather(t[0], 0, t[1]); }},
          {"scatter_add",
           [](Sampler& s) {
             return Tensors{s.real({s.n(3), 4}), s.index({s.n(3), 4}, 3)};
           },
           [](const Tensors& t) {
             return scatter_add({t[0].size(0), 3}, 1, t[1], t[0]);
           }},
          {"embedding",
           [](Sampler& s) {
             return Tensors{s.index({s.n(2), 3}, 4), s.real({4, 5})};
           },
           [](const Tensors& t) { return embedding(t[0], t[1]); }}};
}

}  // namespace gradus::testing
