#include "layers/norm/weight_normalizations.hpp"

#include <cmath>
#include <optional>

#include "core/text/number.hpp"
#include "layers/norm/cosine_norm.hpp"
#include "layers/norm/named_scheme.hpp"
#include "layers/norm/spectral_norm.hpp"
#include "layers/norm/weight_norm.hpp"
#include "layers/norm/weight_standardization.hpp"

namespace gradus::layers {
namespace {

double cosine_scale(const char* scheme, std::string_view argument) {
  if (argument.empty()) return CosineNormOptions().scale;
  const std::optional<double> scale = parse_number<double>(argument);
  require(scale && *scale > 0 && std::isfinite(*scale), "normalization",
          "{} takes a positive scale, as in {}:10, got '{}:{}'", scheme, scheme, scheme, argument);
  return *scale;
}

// A scheme that takes no argument.
template <class Make>
WeightNormalization plain(const char* name, bool classifier, Make make) {
  return {[name, make](std::string_view argument) -> AnyReparametrization {
            require_no_argument(name, argument);
            return make();
          },
          classifier};
}

}  // namespace

const Registry<WeightNormalization>& weight_normalizations() {
  using Any = AnyReparametrization;
  static const Registry<WeightNormalization> table(
      "weight normalization",
      {{"weight",
        "each output's weights by their norm, times a gain, in all layers (Salimans and Kingma "
        "2016)",
        plain("weight", true, [] { return WeightNorm(); })},
       {"weight-std",
        "each output's weights to mean 0 and variance 1, in hidden layers (Qiao et al. 2019)",
        plain("weight-std", false, [] { return WeightStandardization(); })},
       {"weight-centered",
        "each output's weights to mean 0 and norm 1, in hidden layers (Huang et al. 2017)",
        plain("weight-centered", false, [] { return CenteredWeightNorm(); })},
       {"weight-whiten",
        "weight-whiten:G, the weights of each G outputs, 64 unless told, centred and decorrelated, "
        "in hidden layers (Huang et al. 2018)",
        {[](std::string_view argument) -> Any {
           return WeightWhitening(
               {.group = count_argument("weight-whiten", "outputs", argument, 64)});
         },
         false}},
       {"spectral",
        "spectral:I, the weight by its largest singular value, I iterations a step, 1 unless told, "
        "in all layers (Miyato et al. 2018)",
        {[](std::string_view argument) -> Any {
           return SpectralNorm(
               {.n_power_iterations = count_argument("spectral", "iterations", argument, 1)});
         },
         true}},
       {"cosine",
        "cosine:S, the cosine of input and weights instead of their product, times a learned "
        "scale, "
        "S at first, 10 unless told, in all layers (Luo et al. 2018)",
        {[](std::string_view argument) -> Any {
           return CosineNorm({.scale = cosine_scale("cosine", argument)});
         },
         true}},
       {"cosine-centered",
        "cosine-centered:S, the same of input and weights minus their means: their correlation "
        "(Luo et al. 2018)",
        {[](std::string_view argument) -> Any {
           return CosineNorm(
               {.centered = true, .scale = cosine_scale("cosine-centered", argument)});
         },
         true}}},
      {{"weight", {"weight-norm"}},
       {"weight-std", {"weight-standardization"}},
       {"spectral", {"spectral-norm"}}});
  return table;
}

AnyReparametrization make_weight_normalization(std::string_view name) {
  const NamedScheme scheme(name);
  return weight_normalizations().find(scheme.name)(scheme.argument);
}

void normalize_weights(Module& module, std::string_view name) {
  const AnyReparametrization scheme = make_weight_normalization(name);
  for (const auto& [path, layer] : reparametrizable_layers(module)) layer->reparametrize(scheme);
}

}  // namespace gradus::layers
