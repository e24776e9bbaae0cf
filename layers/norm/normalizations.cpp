#include "layers/norm/normalizations.hpp"

#include "core/text/option_table.hpp"
#include "layers/norm/cosine_norm.hpp"
#include "layers/norm/normalization.hpp"
#include "layers/norm/spectral_norm.hpp"
#include "layers/norm/weight_norm.hpp"
#include "layers/residual.hpp"

namespace gradus::layers {
namespace {

using Numbers = std::vector<double>;

// A row of a table. `make` gets the shape of the features (for activations) and the numbers of the
// `options`, if there are any; `flag` is the last member of `Scheme`.
template <class Scheme, class Make>
typename Registry<Scheme>::Entry row(const char* name, const char* help, bool flag, Make make,
                                     const std::vector<OptionInfo>& options = {}) {
  return {name, described(help, options), {made_from(options, make), flag}};
}

template <class OfImages, class OfVectors>
AnyModule by_rank(const Shape& features) {
  if (features.rank() == 3) return OfImages(features[0]);
  return OfVectors(features[0]);
}

}  // namespace

const Registry<ActivationNormalization>& normalizations() {
  static const Registry<ActivationNormalization> table(
      "normalization",
      {row<ActivationNormalization>(
           "batch", "each channel by its mean and variance over the batch (Ioffe and Szegedy 2015)",
           true, by_rank<BatchNorm2d, BatchNorm1d>),
       row<ActivationNormalization>(
           "batch-renorm",
           "batch normalization corrected by the running statistics, from step 5000 (Ioffe 2017)",
           true, by_rank<BatchRenorm2d, BatchRenorm1d>),
       row<ActivationNormalization>(
           "layer", "each example by its mean and variance over all features (Ba et al. 2016)",
           true, [](const Shape& features) { return LayerNorm(features); }),
       row<ActivationNormalization>(
           "rms",
           "each example by its root mean square over all features (Zhang and Sennrich 2019)",
           false, [](const Shape& features) { return RMSNorm(features); }),
       row<ActivationNormalization>(
           "group",
           "groups of channels of an example; at most one group per channel (Wu and He 2018)", true,
           [](const Shape& features, const Numbers& n) {
             return GroupNorm(std::min(static_cast<int64_t>(n[0]), features[0]), features[0]);
           },
           {{"groups", "", 8., range::count}}),
       row<ActivationNormalization>(
           "instance", "each channel of each image, only after convolutions (Ulyanov et al. 2016)",
           true,
           [](const Shape& features) -> AnyModule {
             if (features.rank() == 3) return InstanceNorm2d(features[0], {.affine = true});
             return Identity();
           }),
       row<ActivationNormalization>(
           "lrn",
           "each pixel by the squares of neighbouring channels, only after convolutions: size 5, α "
           "1e-4, β 0.75, k 1 (Krizhevsky et al. 2012)",
           false,
           [](const Shape& features) -> AnyModule {
             if (features.rank() == 3) return LocalResponseNorm();
             return Identity();
           }),
       row<ActivationNormalization>("none", "no normalization", false,
                                    [](const Shape&) { return Identity(); })},
      {{"batch", {"batch-norm", "batch-normalization", "bn"}},
       {"layer", {"layer-norm", "layer-normalization"}},
       {"rms", {"rms-norm"}},
       {"group", {"group-norm"}},
       {"instance", {"instance-norm"}},
       {"lrn", {"local-response-norm"}}});
  return table;
}

const Registry<WeightNormalization>& weight_normalizations() {
  const OptionInfo scale{"scale", "", CosineNormOptions().scale, range::positive};
  static const Registry<WeightNormalization> table(
      "weight normalization",
      {row<WeightNormalization>(
           "weight",
           "each output's weights by their norm, times a gain, in all layers (Salimans and Kingma "
           "2016)",
           true, [] { return WeightNorm(); }),
       row<WeightNormalization>(
           "weight-std",
           "each output's weights to mean 0 and variance 1, in hidden layers (Qiao et al. 2019)",
           false, [] { return WeightStandardization(); }),
       row<WeightNormalization>(
           "weight-centered",
           "each output's weights to mean 0 and norm 1, in hidden layers (Huang et al. 2017)",
           false, [] { return CenteredWeightNorm(); }),
       row<WeightNormalization>(
           "weight-whiten",
           "groups of so many outputs' weights, centred and decorrelated, in hidden layers (Huang "
           "et al. 2018)",
           false,
           [](const Numbers& n) { return WeightWhitening({.group = static_cast<int64_t>(n[0])}); },
           {{"outputs", "", 64., range::count}}),
       row<WeightNormalization>("spectral",
                                "the weight by its largest singular value, with so many iterations "
                                "per step, in all layers (Miyato et al. 2018)",
                                true,
                                [](const Numbers& n) {
                                  return SpectralNorm(
                                      {.n_power_iterations = static_cast<int64_t>(n[0])});
                                },
                                {{"iterations", "", 1., range::count}}),
       row<WeightNormalization>(
           "cosine",
           "the cosine of input and weights instead of their product, times a learned scale with "
           "this initial value, in all layers (Luo et al. 2018)",
           true, [](const Numbers& n) { return CosineNorm({.scale = n[0]}); }, {scale}),
       row<WeightNormalization>(
           "cosine-centered",
           "the same for input and weights minus their means: their correlation (Luo et al. 2018)",
           true, [](const Numbers& n) { return CosineNorm({.centered = true, .scale = n[0]}); },
           {scale})},
      {{"weight", {"weight-norm"}},
       {"weight-std", {"weight-standardization"}},
       {"spectral", {"spectral-norm"}}});
  return table;
}

AnyModule make_normalization(std::string_view text, const Shape& features) {
  return normalizations().make(parse_spec(text, {.owner = "normalization"}), features);
}

AnyReparametrization make_weight_normalization(std::string_view text) {
  return weight_normalizations().make(parse_spec(text, {.owner = "normalization"}));
}

void normalize_weights(Module& module, std::string_view text) {
  const AnyReparametrization scheme = make_weight_normalization(text);
  for (const auto& [path, layer] : reparametrizable_layers(module)) layer->reparametrize(scheme);
}

NormText::NormText(std::string_view text) {
  for (const Spec& spec : parse_specs(text, {.owner = "normalization"})) {
    const bool of_activations = normalizations().contains(spec.name);
    if (!of_activations && !weight_normalizations().contains(spec.name)) {
      std::vector<std::string> names = normalizations().names();
      const std::vector<std::string> more = weight_normalizations().names();
      names.insert(names.end(), more.begin(), more.end());
      gradus::detail::throw_unknown("normalization", spec.name, std::move(names), {}, spec.place);
    }
    const std::string& name = of_activations ? normalizations().entry(spec.name).name
                                             : weight_normalizations().entry(spec.name).name;
    require(name != "none" || spec.text == trimmed(text), "normalization",
            "none cannot be combined, got '{}'", text);
    Spec& place = of_activations ? activations : weights;
    require(place.text.empty(), "normalization",
            "{} and {} cannot be combined, both normalize {}: '{}'", place.text, spec.text,
            of_activations ? "activations" : "weights", text);
    place = spec;
    place.name = name;
  }
}

}  // namespace gradus::layers
