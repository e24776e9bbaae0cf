#include "apps/gradus/run/checkpoint.hpp"

#include <limits>

#include "apps/gradus/run/json.hpp"
#include "apps/gradus/run/model_file.hpp"
#include "core/io/checksum.hpp"

namespace gradus::app {
namespace {

constexpr const char *optimizer_prefix = "optimizer.", *average_prefix = "average.",
                     *best_prefix = "best.", *checksum_key = "gradus.checksum";

constexpr int64_t largest_number = std::numeric_limits<int64_t>::max();

Json record_json(const EpochRecord& record) {
  Json json = Json::array();
  for_each_field(record, [&](const char*, auto value) { json.push_back(value); });
  return json;
}

EpochRecord record_from_json(const Json& json) {
  EpochRecord record;
  std::size_t column = 0;
  for_each_field(record, [&](const char*, auto& field) {
    const Json& value = json.at(column++);
    if constexpr (std::is_integral_v<std::decay_t<decltype(field)>>)
      field = whole_number(value, 0, largest_number);
    else
      field = value;
  });
  return record;
}

Json training_json(const Training& training, const TrainingState& state) {
  Json history = Json::array(), generators = Json::object();
  for (const EpochRecord& record : state.history) history.push_back(record_json(record));
  for (const auto& [name, rng] : training.model.named_generators())
    generators[name] = {rng->state().seed, rng->state().stream, rng->state().position};
  return {{"history", history},       {"batches", state.batches},        {"images", state.images},
          {"correct", state.correct}, {"loss_sum", state.loss_sum},      {"seconds", state.seconds},
          {"generators", generators}, {"samples", training.train.size()}};
}

TrainingState state_from_json(const Json& json, const Training& training) {
  if (json.at("samples") != training.train.size())
    throw std::runtime_error(fmt::format("was trained on {} samples, now there are {}",
                                         json.at("samples").dump(), training.train.size()));
  for (const auto& [name, rng] : training.model.named_generators()) {
    const Json& state = json.at("generators").at(name);
    *rng = Rng(Rng::State{state.at(0), state.at(1), state.at(2)});
  }
  TrainingState state{.history = {},
                      .batches = whole_number(json.at("batches"), 0, largest_number),
                      .images = whole_number(json.at("images"), 0, largest_number),
                      .correct = json.at("correct"),
                      .loss_sum = json.at("loss_sum"),
                      .seconds = json.at("seconds")};
  for (const Json& record : json.at("history")) state.history.push_back(record_from_json(record));
  return state;
}

// Without what changes nothing, and what tells where options came from.
Json decisive(Json config) {
  for (const char* key : {"threads", "data_dir", "origins", "versions"}) config.erase(key);
  return config;
}

// Checkpoints of older programs don't say it.
void require_same_config(const Json& saved_training, const Json& config) {
  if (!saved_training.contains("config")) return;
  const Json saved = decisive(saved_training.at("config")), given = decisive(config);
  for (const auto& [key, value] : saved.items())
    if (!given.contains(key) || given.at(key) != value)
      throw std::runtime_error(
          fmt::format("belongs to another run: its {} is {}, config.json's is {}", key,
                      value.dump(), given.value(key, Json()).dump()));
}

void add(NamedTensors& all, const char* prefix, const NamedTensors& part) {
  for (const auto& [name, tensor] : part) all.emplace_back(prefix + name, tensor);
}

std::string checksum_of(const NamedTensors& tensors, const std::string& text) {
  return fmt::format("{:016x}", checksum(tensors) + checksum(text));
}

void require_undamaged(const SafetensorsFile& file) {
  const std::string& text = metadata_of(file, training_key);
  if (checksum_of(file.tensors, text) != metadata_of(file, checksum_key))
    throw std::runtime_error("is damaged: its checksum differs");
}

// The framing only says how pictures are fitted, and programs differ in how they measure it.
Json without_framing(const ModelDescription& description) {
  Json json = description.to_json();
  json.erase("framing");
  return json;
}

void require_same_model(const ModelDescription& saved, const ModelDescription& given) {
  const Json was = without_framing(saved), is = without_framing(given);
  if (was != is)
    throw std::runtime_error(fmt::format("is of another model: {}, not {}", was.dump(), is.dump()));
}

}  // namespace

void write_checkpoint(const std::string& path, const Training& training, const TrainingState& state,
                      const ModelDescription& description, const Json& config) {
  NamedTensors tensors;
  add(tensors, model_prefix, training.model.state_dict());
  add(tensors, optimizer_prefix, training.optimizer.state_dict());
  if (training.average) add(tensors, average_prefix, training.average->state_dict());
  add(tensors, best_prefix, state.best);
  Json json = training_json(training, state);
  json["config"] = decisive(config);
  std::map<std::string, std::string> metadata{{training_key, json.dump()}};
  add_description(tensors, metadata, description);
  metadata[checksum_key] = checksum_of(tensors, metadata[training_key]);
  write_safetensors(path, tensors, metadata);
}

TrainingState read_checkpoint(const std::string& path, Training& training,
                              const ModelDescription& description, const Json& config) {
  return of_file(path, [&] {
    const SafetensorsFile file = read_safetensors(path);
    require_undamaged(file);
    require_same_model(description_of(file), description);
    const Json json = parse_json(metadata_of(file, training_key));
    require_same_config(json, config);
    TrainingState state = state_from_json(json, training);
    training.model.load_state_dict(part(file, model_prefix));
    training.optimizer.load_state_dict(part(file, optimizer_prefix));
    if (training.average) training.average->load_state_dict(part(file, average_prefix));
    state.best = part(file, best_prefix);
    return state;
  });
}

}  // namespace gradus::app
