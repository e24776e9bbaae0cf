// normalizations, weight_normalizations: by name; NormText: what `--norm` and ModelOptions take.
#pragma once

#include "core/text/registry.hpp"
#include "layers/reparametrization.hpp"

namespace gradus::layers {

/// How a normalization of activations is made, and what a layer before it needs to know.
struct ActivationNormalization {
  /// Makes it for activations of the shape `features` without the batch, (F) or (C, H, W).
  std::function<AnyModule(const Spec& spec, const Shape& features)> make;
  bool shifts;  ///< adds a learned bias, which makes that of a convolution before it useless

  /// Throws std::invalid_argument for wrong arguments.
  AnyModule operator()(const Spec& spec, const Shape& features) const {
    return make(spec, features);
  }
};

/// Normalizations by name.
const Registry<ActivationNormalization>& normalizations();

/// The normalization of a text, a name which may have an argument: "batch", "group:8". Throws
/// std::invalid_argument for an unknown name or a wrong argument. Identity where the scheme has
/// nothing to normalize: instance and lrn of (F).
AnyModule make_normalization(std::string_view text, const Shape& features);

/// How a normalization of weights is made, and where the named models have it.
struct WeightNormalization {
  std::function<AnyReparametrization(const Spec& spec)> make;  ///< called by operator()
  bool classifier;  ///< on every layer; otherwise on hidden ones alone, the last stays plain

  /// Throws std::invalid_argument for wrong arguments.
  AnyReparametrization operator()(const Spec& spec = {}) const { return make(spec); }
};

/// Normalizations of weights by name.
const Registry<WeightNormalization>& weight_normalizations();

/// The one of a text, a name which may have an argument: "weight-std", "cosine:20". Throws
/// std::invalid_argument for an unknown name or a wrong argument.
AnyReparametrization make_weight_normalization(std::string_view text);

/// Puts the one of that text on all dense, convolution and recurrent layers of `module`. Throws
/// std::invalid_argument for cosine normalization on recurrent ones.
void normalize_weights(Module& module, std::string_view text);

/// At most one normalization of activations and at most one of weights, in any order, joined by
/// "+": "group:8 + weight-std", "spectral". "none" stands alone. Throws std::invalid_argument for
/// other texts; names of neither table are told with those of both, nearest first. Arguments are
/// left to the tables' entries.
struct NormText {
  /// Reads the text.
  explicit NormText(std::string_view text);

  Spec activations{.name = "none"};  ///< for normalizations()
  Spec weights{.name = ""};          ///< for weight_normalizations(); without a name for none
};

}  // namespace gradus::layers
