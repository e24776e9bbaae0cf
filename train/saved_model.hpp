// SavedModel: weights in a file, with what it takes to build their model and to scale its inputs.
#pragma once

#include "core/io/safetensors.hpp"
#include "data/picture/framing.hpp"
#include "layers/network/models.hpp"

namespace gradus::train {

/// How to build a model, and how its inputs are scaled.
struct ModelDescription {
  std::string model;                  ///< what layers::build() takes
  layers::ModelOptions options;       ///< the same
  data::Normalization normalization;  ///< of samples
  Shape sample = options.input;       ///< of what is normalized, as data files hold it
  /// How the training images show their objects, to fit pictures of other kinds.
  std::optional<data::Framing> framing = {};
};

/// Weights and what they belong to.
struct SavedModel {
  ModelDescription description;  ///< how the model was built
  layers::Sequential model;      ///< with its weights
};

/// A safetensors file with PyTorch's names; its metadata say how to build the model.
void write_model(const std::string& path, const NamedTensors& state,
                 const ModelDescription& description);
/// What write_model() wrote, or the weights of a checkpoint. Throws std::runtime_error "path: …".
SavedModel read_model(const std::string& path);

namespace detail {
// What a file of a model shares with a checkpoint.

constexpr const char* training_key = "gradus.training";  ///< a checkpoint's metadata
constexpr const char* model_prefix = "model.";           ///< of names in checkpoints

/// Adds the description as metadata, and its matrix as a tensor more.
void add_description(NamedTensors& tensors, std::map<std::string, std::string>& metadata,
                     const ModelDescription& description);
/// Throws std::runtime_error where the file is of another model than `description`.
void require_same_model(const SafetensorsFile& file, const ModelDescription& description);
/// Throws std::runtime_error where it lacks.
const std::string& metadata_of(const SafetensorsFile& file, const char* key);
/// The tensors whose names begin with `prefix`, without it.
NamedTensors part(const SafetensorsFile& file, std::string_view prefix);
}  // namespace detail

}  // namespace gradus::train
