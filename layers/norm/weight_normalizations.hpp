// Normalizations of weights by name.
#pragma once

#include <functional>
#include <string_view>

#include "core/text/registry.hpp"
#include "layers/reparametrization.hpp"

namespace gradus::layers {

/// How a normalization of weights is made, and where the named models have it.
struct WeightNormalization {
  std::function<AnyReparametrization(std::string_view argument)> make;  ///< called by operator()
  bool classifier;  ///< on every layer; otherwise on hidden ones alone, the last stays plain

  /// `argument` is what follows the name after a colon, empty if nothing does. Throws
  /// std::invalid_argument for a wrong one.
  AnyReparametrization operator()(std::string_view argument = "") const { return make(argument); }
};

/// Normalizations of weights by name.
const Registry<WeightNormalization>& weight_normalizations();

/// The one called `name`, which may have an argument: "weight-std", "cosine:20". Throws
/// std::invalid_argument for an unknown name or a wrong argument.
AnyReparametrization make_weight_normalization(std::string_view name);

/// Puts the one of that name, perhaps with an argument, on all dense, convolution and recurrent
/// layers of `module`. Throws std::invalid_argument for cosine normalization on recurrent ones.
void normalize_weights(Module& module, std::string_view name);

}  // namespace gradus::layers
