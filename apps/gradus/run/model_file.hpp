// Weights in files, together with what it takes to use them.
#pragma once

#include <string>
#include <string_view>

#include "apps/gradus/run/model_description.hpp"
#include "core/io/safetensors.hpp"

namespace gradus::app {

/// Weights and what they belong to.
struct SavedModel {
  ModelDescription description;
  layers::Sequential model;
};

/// A safetensors file with PyTorch's names; its metadata say how to build the model.
void write_model(const std::string& path, const NamedTensors& state,
                 const ModelDescription& description);
/// What write_model() wrote, or the weights of a checkpoint. Throws std::runtime_error "path: …".
SavedModel read_model(const std::string& path);

// What a file of a model shares with a checkpoint.

constexpr const char* training_key = "gradus.training";  ///< a checkpoint's metadata
constexpr const char* model_prefix = "model.";           ///< of names in checkpoints

/// The description, as metadata, and its matrix as a tensor more.
void add_description(NamedTensors& tensors, std::map<std::string, std::string>& metadata,
                     const ModelDescription& description);
ModelDescription description_of(const SafetensorsFile& file);
/// Throws std::runtime_error where it lacks.
const std::string& metadata_of(const SafetensorsFile& file, const char* key);
/// The tensors whose names begin with `prefix`, without it.
NamedTensors part(const SafetensorsFile& file, std::string_view prefix);

}  // namespace gradus::app
