// SavedModel: a model read from a file; ModelDescription: how to build it and normalize its inputs.
#pragma once

#include "core/io/safetensors.hpp"
#include "data/picture/framing.hpp"
#include "data/picture/picture_sample.hpp"
#include "layers/network/models.hpp"
#include "train/table_inputs.hpp"
#include "train/task.hpp"

namespace gradus::train {

/// What a model predicts, and how its outputs are read.
struct PredictedTargets {
  data::TargetKind kind = data::TargetKind::classes;  ///< of the training set
  std::vector<std::string> names = {};  ///< of the classes, labels or numbers; may be empty
  data::TargetScale scale = {};         ///< of numbers
  std::string loss = "cross-entropy";   ///< argument of make_loss()
  /// Half the width of the interval of each predicted number that holds 95 % of new samples; empty
  /// if it isn't known: error_bounds().
  std::vector<double> error_bounds = {};
};

/// How to build a model and normalize its inputs.
struct ModelDescription {
  std::string model;                  ///< argument of layers::build()
  layers::ModelOptions options;       ///< argument of layers::build()
  data::Normalization normalization;  ///< of samples
  Shape sample = options.input;       ///< the shape of a sample before normalization
  /// How the training images show their objects, to fit other pictures to them.
  std::optional<data::Framing> framing = {};
  /// How a picture becomes a sample, of a model that was trained on picture files.
  std::optional<data::Fit> fit = {};
  double temperature = 1;                         ///< divides the logits: fit_temperature()
  PredictedTargets targets = {};                  ///< what it predicts
  std::optional<TableInputs> table = {};          ///< of a model that was trained on a table
  std::optional<data::Tokenizer> tokenizer = {};  ///< of a language model
};

/// A model with its description.
struct SavedModel {
  ModelDescription description;  ///< how the model was built
  layers::Sequential model;      ///< with its weights; its logits are divided by the temperature
};

/// Appends the division of the logits by a temperature to `model`, unless it is 1.
void append_temperature(layers::Sequential& model, double temperature);

/// Writes a safetensors file with PyTorch's names and the description as metadata.
void write_model(const std::string& path, const NamedTensors& state,
                 const ModelDescription& description);
/// Reads a file of write_model(), or the model of a checkpoint. Throws std::runtime_error
/// "path: …".
SavedModel read_model(const std::string& path);

namespace detail {
// Shared by files of models and checkpoints.

constexpr const char* training_key = "gradus.training";  ///< in the metadata of checkpoints
constexpr const char* model_prefix = "model.";           ///< of names in checkpoints

/// Adds the description to `metadata`, and its matrix to `tensors`.
void add_description(NamedTensors& tensors, std::map<std::string, std::string>& metadata,
                     const ModelDescription& description);
/// Throws std::runtime_error if the file describes another model than `description`.
void require_same_model(const SafetensorsFile& file, const ModelDescription& description);
/// The metadata under `key`. Throws std::runtime_error if there is none.
const std::string& metadata_of(const SafetensorsFile& file, const char* key);
/// The tensors whose names begin with `prefix`, without it.
NamedTensors part(const SafetensorsFile& file, std::string_view prefix);
}  // namespace detail

}  // namespace gradus::train
