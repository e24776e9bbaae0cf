#include "core/ops/norm/weight_normalization.hpp"

#include "conformance/runner.hpp"

namespace gradus::conformance {
namespace {

Pair pair(const Case& c, const char* attribute) {
  const auto extents = c.attr<std::vector<int64_t>>(attribute);
  return {extents.at(0), extents.at(1)};
}

gradus::CosineNormalizationOptions cosine_options(const Case& c) {
  return {.centered = c.attr("centered", false), .eps = c.attr("eps", 1e-8)};
}

}  // namespace

Family weight_normalization() {
  return {"weightnorm",
          {{"weight_standardization",
            [](const Case& c) {
              return Tensors{
                  weight_standardization(c.input("weight"), c.input("gain"), c.attr("eps", 1e-5))};
            }},
           {"weight_norm",
            [](const Case& c) { return Tensors{weight_norm(c.input("v"), c.input("g"))}; }},
           {"centered_weight_norm",
            [](const Case& c) { return Tensors{centered_weight_norm(c.input("weight"))}; }},
           {"weight_whitening",
            [](const Case& c) {
              return Tensors{weight_whitening(c.input("weight"), c.attr("eps", 1e-5))};
            }},
           {"spectral_norm",
            [](const Case& c) {
              const auto [weight, u, v] =
                  spectral_norm(c.input("weight"), c.input("u"),
                                {.n_power_iterations = c.attr<int64_t>("n_power_iterations", 1),
                                 .eps = c.attr("eps", 1e-12)});
              return Tensors{weight, u};
            }},
           {"cosine_linear",
            [](const Case& c) {
              return Tensors{cosine_linear(c.input("x"), c.input("weight"), cosine_options(c))};
            }},
           {"cosine_conv2d", [](const Case& c) {
              return Tensors{cosine_conv2d(
                  c.input("x"), c.input("weight"),
                  {.stride = pair(c, "stride"), .padding = pair(c, "padding")}, cosine_options(c))};
            }}}};
}

}  // namespace gradus::conformance
