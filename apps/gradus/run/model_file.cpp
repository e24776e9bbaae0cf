#include "apps/gradus/run/model_file.hpp"

#include "apps/gradus/run/build.hpp"
#include "apps/gradus/run/json.hpp"

namespace gradus::app {
namespace {

constexpr const char *description_key = "gradus.model", *matrix_name = "preprocessing.matrix";

}  // namespace

const std::string& metadata_of(const SafetensorsFile& file, const char* key) {
  const auto found = file.metadata.find(key);
  if (found == file.metadata.end())
    throw std::runtime_error(fmt::format("no file of gradus train: its metadata lacks {}", key));
  return found->second;
}

NamedTensors part(const SafetensorsFile& file, std::string_view prefix) {
  NamedTensors result;
  for (const auto& [name, tensor] : file.tensors)
    if (name.starts_with(prefix)) result.emplace_back(name.substr(prefix.size()), tensor);
  return result;
}

void add_description(NamedTensors& tensors, std::map<std::string, std::string>& metadata,
                     const ModelDescription& description) {
  metadata[description_key] = description.to_json().dump();
  if (description.normalization.matrix)
    tensors.emplace_back(matrix_name, description.normalization.matrix);
}

ModelDescription description_of(const SafetensorsFile& file) {
  auto description = ModelDescription::from_json(parse_json(metadata_of(file, description_key)));
  for (const auto& [name, tensor] : file.tensors)
    if (name == matrix_name) description.normalization.matrix = tensor;
  return description;
}

void write_model(const std::string& path, const NamedTensors& state,
                 const ModelDescription& description) {
  NamedTensors tensors = state;
  std::map<std::string, std::string> metadata{{"format", "pt"}};
  add_description(tensors, metadata, description);
  write_safetensors(path, tensors, metadata);
}

SavedModel read_model(const std::string& path) {
  return of_file(path, [&] {
    const SafetensorsFile file = read_safetensors(path);
    const ModelDescription description = description_of(file);
    SavedModel saved{description, build_model(description, Rng(0))};
    NamedTensors state = part(file, file.metadata.contains(training_key) ? model_prefix : "");
    std::erase_if(state, [](const auto& named) { return named.first == matrix_name; });
    saved.model.load_state_dict(state);
    return saved;
  });
}

}  // namespace gradus::app
