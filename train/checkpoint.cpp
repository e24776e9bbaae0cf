#include "train/checkpoint.hpp"

#include <filesystem>

#include "core/io/checksum.hpp"
#include "core/io/file.hpp"
#include "core/io/json.hpp"

namespace gradus::train {

using namespace detail;

namespace {

constexpr const char *optimizer_prefix = "optimizer.", *average_prefix = "average.",
                     *best_prefix = "best.", *checksum_key = "gradus.checksum";

constexpr const char *next_file = "checkpoint.next.safetensors",
                     *last_file = "checkpoint.safetensors",
                     *previous_file = "checkpoint.previous.safetensors";

constexpr int64_t largest_number = std::numeric_limits<int64_t>::max();

Json record_json(const EpochRecord& record) {
  Json json = Json::array();
  for_each_field(record, [&](const char*, auto value) { json.push_back(value); });
  return json;
}

EpochRecord record_from_json(const Json& json) {
  EpochRecord record;
  std::size_t column = 0;
  for_each_field(record, [&](const char* name, auto& field) {
    // Older programs didn't watch the test set.
    if (column >= json.size() && std::string_view(name).starts_with("test_")) return;
    const Json& value = json.at(column++);
    if constexpr (std::is_integral_v<std::decay_t<decltype(field)>>)
      field = whole_number(value, 0, largest_number);
    else
      field = number_or_nan(value);
  });
  return record;
}

Json training_json(const Training& training, const TrainingState& state) {
  Json history = Json::array(), generators = Json::object();
  for (const EpochRecord& record : state.history) history.push_back(record_json(record));
  for (const auto& [name, rng] : training.model.named_generators())
    generators[name] = {rng->state().seed, rng->state().stream, rng->state().position};
  return {{"history", history},
          {"batches", state.batches},
          {"images", state.samples},
          {"correct", state.score_sum},
          {"loss_sum", state.loss_sum},
          {"seconds", state.seconds},
          {"first_loss", state.first_loss},
          {"generators", generators},
          {"samples", training.train.size()}};
}

TrainingState state_from_json(const Json& json, const Training& training) {
  if (json.at("samples") != training.train.size())
    throw std::runtime_error(
        fmt::format("the data set has changed: the training had {} samples, now there are {}",
                    json.at("samples").dump(), training.train.size()));
  for (const auto& [name, rng] : training.model.named_generators()) {
    const Json& state = json.at("generators").at(name);
    *rng = Rng(Rng::State{state.at(0), state.at(1), state.at(2)});
  }
  TrainingState state{.history = {},
                      .batches = whole_number(json.at("batches"), 0, largest_number),
                      .samples = whole_number(json.at("images"), 0, largest_number),
                      .score_sum = json.at("correct"),
                      .loss_sum = json.at("loss_sum"),
                      .seconds = json.at("seconds")};
  if (json.contains("first_loss") && json["first_loss"].is_number())
    state.first_loss = json["first_loss"];
  for (const Json& record : json.at("history")) state.history.push_back(record_from_json(record));
  return state;
}

// Checkpoints of older programs lack the configuration.
void require_same_config(const Json& saved_training, const std::string& config) {
  if (!saved_training.contains("config")) return;
  const Json given = parse_json(config);
  for (const auto& [key, value] : saved_training.at("config").items())
    if (!given.contains(key) || given.at(key) != value)
      throw std::runtime_error(fmt::format("belongs to another run: its {} is {}, expected {}", key,
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
    throw std::runtime_error("is damaged: the checksum is wrong");
}

void write_checkpoint(const std::string& path, const Training& training, const TrainingState& state,
                      const CheckpointOwner& owner) {
  NamedTensors tensors;
  add(tensors, model_prefix, training.model.state_dict());
  add(tensors, optimizer_prefix, training.optimizer.state_dict());
  if (training.average) add(tensors, average_prefix, training.average->state_dict());
  add(tensors, best_prefix, state.best);
  Json json = training_json(training, state);
  json["config"] = parse_json(owner.config);
  std::map<std::string, std::string> metadata{{training_key, json.dump()}};
  if (owner.model) add_description(tensors, metadata, *owner.model);
  metadata[checksum_key] = checksum_of(tensors, metadata[training_key]);
  write_safetensors(path, tensors, metadata);
}

TrainingState read_checkpoint(const std::string& path, Training& training,
                              const CheckpointOwner& owner) {
  return of_file(path, [&] {
    const SafetensorsFile file = read_safetensors(path);
    require_undamaged(file);
    if (owner.model) require_same_model(file, *owner.model);
    const Json json = parse_json(metadata_of(file, training_key));
    require_same_config(json, owner.config);
    TrainingState state = state_from_json(json, training);
    training.model.load_state_dict(part(file, model_prefix));
    training.optimizer.load_state_dict(part(file, optimizer_prefix));
    if (training.average) training.average->load_state_dict(part(file, average_prefix));
    state.best = part(file, best_prefix);
    return state;
  });
}

}  // namespace

const std::array<const char*, 3> CheckpointFolder::files = {next_file, last_file, previous_file};

CheckpointFolder::CheckpointFolder(std::string folder, CheckpointOwner owner)
    : folder_(std::move(folder)), owner_(std::move(owner)) {}

std::string CheckpointFolder::path(const char* file) const {
  return (std::filesystem::path(folder_) / file).string();
}

bool CheckpointFolder::has_checkpoint() const {
  return std::ranges::any_of(files,
                             [&](const char* file) { return std::filesystem::exists(path(file)); });
}

// docs/runs.md has a table of the intermediate states.
void CheckpointFolder::write(const Training& training, const TrainingState& state) {
  for (const char* file : files) remove_link(path(file));
  write_checkpoint(path(next_file), training, state, owner_);
  if (last_is_whole_) rename_file(path(last_file), path(previous_file));
  last_is_whole_ = false;
  rename_file(path(next_file), path(last_file));
  last_is_whole_ = true;
}

RestoredTraining CheckpointFolder::read(Training& training) {
  std::string first_error;
  for (const char* const file : files) {
    if (!std::filesystem::exists(path(file))) continue;
    RestoredTraining restored;
    try {
      restored.state = read_checkpoint(path(file), training, owner_);
    } catch (const std::runtime_error& error) {
      if (first_error.empty()) first_error = error.what();
      continue;
    }
    if (!first_error.empty())
      restored.note = first_error + "; continuing from the checkpoint before it";
    // The program that wrote it ended before it could rename it.
    if (file == next_file) rename_file(path(next_file), path(last_file));
    last_is_whole_ = file != previous_file;
    return restored;
  }
  throw std::runtime_error(first_error);
}

}  // namespace gradus::train
