#include "train/saved_model.hpp"

#include <algorithm>
#include <cmath>

#include "core/io/json.hpp"
#include "core/text/number.hpp"
#include "layers/scale.hpp"
#include "train/table_inputs.hpp"

namespace gradus::train {

using namespace detail;

namespace {

constexpr const char *description_key = "gradus.model", *matrix_name = "preprocessing.matrix";

std::vector<int64_t> extents(const Shape& shape) {
  return {shape.begin(), shape.end()};
}

Json framing_json(const std::optional<data::Framing>& framing) {
  if (!framing) return {};
  return {{"ground", framing->ground}, {"extent", framing->extent}, {"by_mass", framing->by_mass},
          {"row", framing->row},       {"column", framing->column}, {"stroke", framing->stroke}};
}

// Of samples of this shape.
std::optional<data::Framing> framing_from_json(const Json& json, const Shape& sample) {
  if (json.is_null()) return std::nullopt;
  const int64_t longest = *std::max_element(sample.begin(), sample.end());
  const auto number = [&](const char* key) {
    const double value = json.at(key);
    if (!(std::abs(value) <= static_cast<double>(longest)))
      throw std::runtime_error(
          fmt::format("the framing is damaged: {} must be from -{} to {}, got {}", key, longest,
                      longest, value));
    return value;
  };
  return data::Framing{.ground = number("ground"),
                       .extent = whole_number(json.at("extent"), 1, longest),
                       .by_mass = json.at("by_mass"),
                       .row = number("row"),
                       .column = number("column"),
                       .stroke = number("stroke")};
}

Json to_json(const PredictedTargets& targets) {
  return {{"task", task_of(targets.kind).name},
          {"names", targets.names},
          {"mean", targets.scale.mean},
          {"deviation", targets.scale.deviation},
          {"loss", targets.loss},
          {"error_bounds", targets.error_bounds}};
}

Json to_json(const data::Tokenizer& tokenizer) {
  Json pairs = Json::array();
  for (const data::Tokenizer::Pair& pair : tokenizer.pairs())
    pairs.push_back({pair.left, pair.right});
  return {{"characters", tokenizer.characters()}, {"pairs", pairs}};
}

data::Tokenizer tokenizer_from_json(const Json& json) {
  std::vector<data::Tokenizer::Pair> pairs;
  for (const Json& pair : json.at("pairs"))
    pairs.push_back(
        {whole_number(pair.at(0), 0, largest_count), whole_number(pair.at(1), 0, largest_count)});
  return {json.at("characters").get<std::vector<std::string>>(), pairs};
}

PredictedTargets targets_from_json(const Json& json, int64_t outputs) {
  PredictedTargets result{.kind = tasks().find(json.at("task").get<std::string>()).kind,
                          .names = json.at("names"),
                          .scale = {json.at("mean"), json.at("deviation")},
                          .loss = json.at("loss"),
                          .error_bounds = json.at("error_bounds")};
  const int64_t count = outputs / make_loss(result.kind, result.loss).outputs_per_number;
  const auto check = [&](const char* what, std::size_t size) {
    if (size > 0 && static_cast<int64_t>(size) != count)
      throw std::runtime_error(
          fmt::format("the model predicts {} targets, but has {} {}", count, size, what));
  };
  check("names", result.names.size());
  check("means", result.scale.mean.size());
  check("error bounds", result.error_bounds.size());
  if (result.scale.mean.size() != result.scale.deviation.size() ||
      !std::ranges::all_of(result.scale.deviation, [](double d) { return d > 0; }))
    throw std::runtime_error("the scale of the targets is damaged");
  return result;
}

// Everything except the matrix of the normalization, which is stored as a tensor.
Json to_json(const ModelDescription& d) {
  Json index_columns = Json::array();
  for (const layers::IndexColumn& column : d.options.index_columns)
    index_columns.push_back({column.feature, column.values, column.width});
  return {
      {"model", d.model},
      {"norm", d.options.norm},
      {"activation", d.options.activation},
      {"dropout", d.options.dropout ? Json(*d.options.dropout) : Json()},
      {"input_dropout", d.options.input_dropout},
      {"channel_dropout", d.options.channel_dropout},
      {"drop_connect", d.options.drop_connect},
      {"input", extents(d.options.input)},
      {"classes", d.options.classes},
      {"mean", d.normalization.mean},
      {"deviation", d.normalization.deviation},
      {"sample", extents(d.sample)},
      {"framing", framing_json(d.framing)},
      {"fit", d.fit ? Json(data::fits().entries()[static_cast<std::size_t>(*d.fit)].name) : Json()},
      {"temperature", d.temperature},
      {"targets", to_json(d.targets)},
      {"index_columns", index_columns},
      {"table", d.table ? table_json(*d.table) : Json()},
      {"tokens", d.options.tokens},
      {"tokenizer", d.tokenizer ? to_json(*d.tokenizer) : Json()}};
}

ModelDescription description_from_json(const Json& json) {
  ModelDescription result;
  result.model = json.at("model");
  result.options.norm = json.at("norm");
  result.options.activation = json.at("activation");
  if (!json.at("dropout").is_null()) result.options.dropout = json.at("dropout").get<double>();
  result.options.input_dropout = json.at("input_dropout");
  result.options.channel_dropout = json.at("channel_dropout");
  result.options.drop_connect = json.at("drop_connect");
  result.options.input = shape_from_json(json.at("input"));
  result.options.classes = whole_number(json.at("classes"), 1, largest_count);
  result.normalization = {.mean = json.at("mean"), .deviation = json.at("deviation")};
  // Runs of older programs lack the rest.
  result.sample =
      json.contains("sample") ? shape_from_json(json.at("sample")) : result.options.input;
  if (json.contains("framing"))
    result.framing = framing_from_json(json.at("framing"), result.sample);
  if (json.contains("fit") && !json.at("fit").is_null())
    result.fit = data::fits().find(json.at("fit").get<std::string>());
  if (json.contains("temperature")) {
    result.temperature = json.at("temperature");
    if (!(result.temperature > 0 && std::isfinite(result.temperature)))
      throw std::runtime_error(fmt::format("temperature must be positive and finite, got {}",
                                           json.at("temperature").dump()));
  }
  if (json.contains("index_columns"))
    for (const Json& column : json.at("index_columns"))
      result.options.index_columns.push_back({whole_number(column.at(0), 0, largest_count),
                                              whole_number(column.at(1), 1, largest_count),
                                              whole_number(column.at(2), 1, largest_count)});
  if (json.contains("table") && !json.at("table").is_null())
    result.table = table_inputs_from_json(json.at("table"));
  if (json.contains("tokens"))
    result.options.tokens = whole_number(json.at("tokens"), 0, largest_count);
  if (json.contains("tokenizer") && !json.at("tokenizer").is_null())
    result.tokenizer = tokenizer_from_json(json.at("tokenizer"));
  if (json.contains("targets"))
    result.targets = targets_from_json(json.at("targets"), result.options.classes);
  return result;
}

ModelDescription description_of(const SafetensorsFile& file) {
  auto description = description_from_json(parse_json(metadata_of(file, description_key)));
  for (const auto& [name, tensor] : file.tensors)
    if (name == matrix_name) description.normalization.matrix = tensor;
  return description;
}

}  // namespace

const std::string& detail::metadata_of(const SafetensorsFile& file, const char* key) {
  const auto found = file.metadata.find(key);
  if (found == file.metadata.end())
    throw std::runtime_error(
        fmt::format("not a file of gradus train: {} is missing in its metadata", key));
  return found->second;
}

NamedTensors detail::part(const SafetensorsFile& file, std::string_view prefix) {
  NamedTensors result;
  for (const auto& [name, tensor] : file.tensors)
    if (name.starts_with(prefix)) result.emplace_back(name.substr(prefix.size()), tensor);
  return result;
}

void detail::add_description(NamedTensors& tensors, std::map<std::string, std::string>& metadata,
                             const ModelDescription& description) {
  metadata[description_key] = to_json(description).dump();
  if (description.normalization.matrix.defined())
    tensors.emplace_back(matrix_name, description.normalization.matrix);
}

void detail::require_same_model(const SafetensorsFile& file, const ModelDescription& description) {
  Json was = to_json(description_of(file)), is = to_json(description);
  // The framing only matters to predict, and versions of the program measure it differently.
  // The temperature and the bounds of errors are fitted at the end of a training.
  for (Json* json : {&was, &is}) {
    for (const char* key : {"framing", "temperature"}) json->erase(key);
    json->at("targets").erase("error_bounds");
  }
  if (was != is)
    throw std::runtime_error(
        fmt::format("belongs to another model: {}, expected {}", was.dump(), is.dump()));
}

void append_temperature(layers::Sequential& model, double temperature) {
  if (temperature != 1) model.push_back(layers::Scale(1 / temperature));
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
    Rng rng(0);
    SavedModel saved{description, layers::build(description.model, description.options, rng)};
    NamedTensors state = part(file, file.metadata.contains(training_key) ? model_prefix : "");
    std::erase_if(state, [](const auto& named) { return named.first == matrix_name; });
    saved.model.load_state_dict(state);
    append_temperature(saved.model, description.temperature);
    return saved;
  });
}

}  // namespace gradus::train
