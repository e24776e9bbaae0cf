// ModelDescription: what a saved model needs besides its weights.
#pragma once

#include <optional>
#include <string>

#include "apps/gradus/cli/options.hpp"
#include "data/picture/framing.hpp"
#include "data/sample_normalization.hpp"
#include "layers/network/models.hpp"

namespace gradus::app {

/// How to build a model, and how its inputs are scaled.
struct ModelDescription {
  std::string model;
  layers::ModelOptions options;
  data::Normalization normalization;
  Shape sample = options.input;  ///< of what is normalized, as data files hold it
  /// How the training images show their objects, to fit pictures of other kinds.
  std::optional<data::Framing> framing = {};

  /// All but the normalization's matrix, which is a tensor of its own in files.
  Json to_json() const;
  static ModelDescription from_json(const Json& json);
};

}  // namespace gradus::app
