#include "core/ops/elementwise.hpp"

#include <limits>

#include "conformance/runner.hpp"
#include "core/ops/activation.hpp"
#include "core/ops/binary.hpp"
#include "core/ops/masks.hpp"
#include "core/ops/special.hpp"

namespace gradus::conformance {
namespace {

Operation unary(std::string name, Tensor (*function)(const Tensor&)) {
  return {std::move(name), [=](const Case& c) { return Tensors{function(c.input("x"))}; }};
}

Operation binary(std::string name, Tensor (*function)(const Tensor&, const Tensor&)) {
  return {std::move(name),
          [=](const Case& c) { return Tensors{function(c.input("a"), c.input("b"))}; }};
}

double bound(const Case& c, const char* name, double fallback) {
  const auto it = c.attrs.find(name);
  return it == c.attrs.end() || it->is_null() ? fallback : it->get<double>();
}

}  // namespace

Family elementwise() {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  return {
      "elementwise",
      {binary("add", add),
       binary("sub", sub),
       binary("mul", mul),
       binary("div", div),
       binary("maximum", maximum),
       binary("minimum", minimum),
       binary("logaddexp", logaddexp),
       binary("atan2", atan2),
       binary("fmod", fmod),
       binary("remainder", remainder),
       unary("exp", exp),
       unary("log", log),
       unary("sqrt", sqrt),
       unary("rsqrt", rsqrt),
       unary("abs", abs),
       unary("neg", neg),
       unary("square", square),
       unary("reciprocal", reciprocal),
       unary("sin", sin),
       unary("cos", cos),
       unary("erf", erf),
       unary("log1p", log1p),
       unary("expm1", expm1),
       unary("lgamma", lgamma),
       unary("tanh", tanh),
       unary("sigmoid", sigmoid),
       unary("relu", relu),
       unary("selu", selu),
       {"gelu",
        [](const Case& c) {
          const bool by_tanh = c.attr<std::string>("approximate", "none") == "tanh";
          return Tensors{by_tanh ? gelu_tanh(c.input("x")) : gelu(c.input("x"))};
        }},
       unary("silu", silu),
       unary("softplus", softplus),
       unary("relu6", relu6),
       unary("mish", mish),
       unary("hardswish", hardswish),
       {"elu", [](const Case& c) { return Tensors{elu(c.input("x"), c.attr("alpha", 1.0))}; }},
       {"hardtanh",
        [](const Case& c) {
          return Tensors{hardtanh(c.input("x"), c.attr("min_val", -1.0), c.attr("max_val", 1.0))};
        }},
       {"leaky_relu",
        [](const Case& c) {
          return Tensors{leaky_relu(c.input("x"), c.attr("negative_slope", 0.01))};
        }},
       {"clamp",
        [](const Case& c) {
          return Tensors{
              clamp(c.input("x"), bound(c, "min", -infinity), bound(c, "max", infinity))};
        }},
       {"pow",
        [](const Case& c) {
          const Tensor x = c.input("x"), exponent = c.input("exponent");
          return Tensors{exponent.defined() ? pow(x, exponent)
                                            : pow(x, c.attr<double>("exponent"))};
        }},
       {"prelu", [](const Case& c) { return Tensors{prelu(c.input("x"), c.input("weight"))}; }},
       {"masked_fill",
        [](const Case& c) {
          return Tensors{masked_fill(c.input("x"), c.input("mask") != 0, c.attr<double>("value"))};
        }},
       {"where", [](const Case& c) {
          return Tensors{where(c.input("cond") != 0, c.input("a"), c.input("b"))};
        }}}};
}

}  // namespace gradus::conformance
