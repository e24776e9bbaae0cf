// normalizations, weight_normalizations: normalizations by name; NormText: the text of `--norm` and
// ModelOptions.
#pragma once

#include "core/text/registry.hpp"
#include "layers/reparametrization.hpp"

namespace gradus::layers {

/// A normalization of activations by name.
struct ActivationNormalization {
  /// Makes it for activations of the shape `features`, (F) or (C, H, W) without the batch.
  std::function<AnyModule(const Spec& spec, const Shape& features)> make;
  bool shifts;  ///< whether it adds a learned bias, which makes the bias of a convolution before it
                ///< useless

  /// Throws std::invalid_argument for wrong arguments.
  AnyModule operator()(const Spec& spec, const Shape& features) const {
    return make(spec, features);
  }
};

/// Normalizations by name.
const Registry<ActivationNormalization>& normalizations();

/// Makes a normalization from text, a name with an optional argument: "batch", "group:8". Throws
/// std::invalid_argument for an unknown name or a wrong argument. Returns Identity if there is
/// nothing to normalize: instance and lrn for (F).
AnyModule make_normalization(std::string_view text, const Shape& features);

/// A normalization of weights by name.
struct WeightNormalization {
  std::function<AnyReparametrization(const Spec& spec)> make;  ///< called by operator()
  bool
      classifier;  ///< whether named models have it on every layer; otherwise only on hidden layers

  /// Throws std::invalid_argument for wrong arguments.
  AnyReparametrization operator()(const Spec& spec = {}) const { return make(spec); }
};

/// Normalizations of weights by name.
const Registry<WeightNormalization>& weight_normalizations();

/// Makes a weight normalization from text, a name with an optional argument: "weight-std",
/// "cosine:20". Throws std::invalid_argument for an unknown name or a wrong argument.
AnyReparametrization make_weight_normalization(std::string_view text);

/// Adds the weight normalization of that text to all dense, convolution and recurrent layers of
/// `module`. Throws std::invalid_argument for cosine normalization of recurrent layers.
void normalize_weights(Module& module, std::string_view text);

/// At most one normalization of activations and at most one of weights, in any order, joined by
/// "+": "group:8 + weight-std", "spectral". "none" can't be combined. Throws std::invalid_argument
/// for other texts; the error for an unknown name lists the names of both tables, nearest first.
/// The tables' entries read the arguments.
struct NormText {
  /// Reads the text.
  explicit NormText(std::string_view text);

  Spec activations{.name = "none"};  ///< for normalizations()
  Spec weights{.name = ""};          ///< for weight_normalizations(); an empty name means none
};

}  // namespace gradus::layers
