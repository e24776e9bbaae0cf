#include "apps/gradus/run/run_data.hpp"

#include <filesystem>

#include "apps/gradus/run/run_pictures.hpp"
#include "apps/gradus/run/run_text.hpp"
#include "data/sampling.hpp"
#include "data/sets/image_folder.hpp"
#include "data/sets/load.hpp"
#include "data/transform/preprocessing.hpp"
#include "train/task.hpp"

namespace gradus::app {

static std::string absolute(const std::string& path) {
  return path.empty() ? "" : std::filesystem::absolute(path).string();
}

// Only training samples may determine normalization and scale.
static void normalize(RunData& data, const TrainConfig& config) {
  const auto change_all = [&](const auto& change) {
    data.train = change(data.train);
    data.test = change(data.test);
    if (data.validation) data.validation = change(*data.validation);
  };
  const bool is_subset = config.limit || !config.fold.empty() ||
                         (!data.has_own_validation && config.validation_part() > 0);
  const bool is_table = data.table || !config.images.empty();
  if (is_subset || !config.preprocess.empty() || is_table) {
    const data::Normalization normalization = as_usage([&] {
      return config.preprocess.empty() ? data.train.statistics()
                                       : data::fit(config.preprocess, data.train);
    });
    change_all([&](const data::Dataset& part) { return part.normalized(normalization); });
  }
  if (data.train.target_kind() != data::TargetKind::numbers) return;
  const train::Loss loss = as_usage([&] {
    return train::make_loss(data::TargetKind::numbers,
                            config.loss.empty() ? train::regress().loss : config.loss);
  });
  const data::TargetScale scale =
      loss.scales_targets ? data.train.target_statistics() : data::TargetScale();
  change_all([&](const data::Dataset& part) { return part.scaled(scale); });
}

// Refuses options for pictures if the data has none.
static void refuse_picture_options(const TrainConfig& config) {
  const TrainConfig none;
  const std::pair<const char*, bool> options[] = {{"images", !config.images.empty()},
                                                  {"size", !config.size.empty()},
                                                  {"fit", config.fit != none.fit},
                                                  {"memory", config.memory.has_value()}};
  for (const auto& [name, is_given] : options)
    if (is_given)
      throw UsageError("--{} needs {}, but --data {} isn't one", name,
                       name == std::string_view("images") ? "a table" : "a folder of pictures",
                       config.data);
}

static std::optional<data::Fit> fit_of(const TrainConfig& config) {
  return data::fits().find(config.fit);
}

static RunParts stratified_parts(const data::Split& split, const TrainConfig& config, Texts& notes,
                                 const std::optional<data::Dataset>& validation = {}) {
  const auto hold_out = [&](const data::Dataset& train, double part) {
    Rng rng = Streams(config.seed).held_out();
    return config.format < 2 ? train.split(part, rng) : data::stratified_split(train, part, rng);
  };
  return parts_of(split, config, notes, hold_out, validation);
}

static RunData from_image_folder(const TrainConfig& config) {
  Rng rng(0);
  data::ImageFolderSet set =
      as_usage([&] { return data::load_image_folder(config.data, rng, picture_options(config)); });
  RunParts parts = stratified_parts(set.split, config, set.notes, set.validation);
  return {.name = config.data,
          .notes = std::move(set.notes),
          .data = absolute(config.data),
          .data_dir = "",
          .train = parts.train,
          .test = parts.test,
          .validation = parts.validation,
          .has_own_validation = set.validation.has_value(),
          .fit = fit_of(config)};
}

static RunData load_set(const TrainConfig& config) {
  if (config.images.empty() && data::is_image_folder(config.data)) return from_image_folder(config);
  refuse_picture_options(config);
  const data::Source source =
      as_usage([&] { return data::load(config.data, {.data_dir = config.data_dir}); });
  const bool is_named = data::sources().contains(source.name);
  const bool took_other = config.data == "auto" && source.name != "mnist";
  Texts notes;
  if (!source.note.empty()) notes.push_back(source.note);
  RunParts parts = stratified_parts(source.split, config, notes);
  return {.name = source.name,
          .notes = std::move(notes),
          .data = is_named ? source.name : absolute(source.name),
          .data_dir = took_other ? "" : absolute(config.data_dir),
          .train = parts.train,
          .test = parts.test,
          .validation = parts.validation};
}

// Refuses options for tables if the data isn't one. A text may have its own test text.
static void refuse_table_options(const TrainConfig& config, bool has_text) {
  const std::pair<const char*, const std::string*> options[] = {
      {"test", &config.test_data},    {"target", &config.target},
      {"ignore", &config.ignore},     {"category", &config.category},
      {"number", &config.number},     {"header", &config.header},
      {"split-by", &config.split_by}, {"split-by-time", &config.split_by_time},
      {"weight", &config.weight}};
  for (const auto& [name, value] : options)
    if (!value->empty() && !(has_text && value == &config.test_data))
      throw UsageError("--{} needs a table, but --data {} isn't one", name, config.data);
}

void require_no_indices(const RunData& data, const std::string& option) {
  if (!data.table) return;
  const data::TableEncoding& encoding = data.table->inputs.encoding;
  const auto embeddings = encoding.embeddings();
  if (embeddings.empty()) return;
  const auto feature = static_cast<std::size_t>(embeddings[0].feature);
  throw UsageError("{} needs numbers, but column {} has {} different texts", option,
                   in_quotes(encoding.feature_names()[feature]), embeddings[0].values - 1);
}

static RunData from_picture_table(const TrainConfig& config) {
  PictureTable loaded = load_picture_table(config);
  return {.name = config.data,
          .notes = std::move(loaded.notes),
          .data = absolute(config.data),
          .data_dir = "",
          .train = loaded.parts.train,
          .test = loaded.parts.test,
          .validation = loaded.parts.validation,
          .fit = fit_of(config)};
}

static RunData from_table(const TrainConfig& config) {
  if (!config.images.empty()) return from_picture_table(config);
  refuse_picture_options(config);
  LoadedTable loaded = load_table(config);
  RunData result{.name = config.data,
                 .notes = std::move(loaded.notes),
                 .data = absolute(config.data),
                 .data_dir = "",
                 .train = loaded.parts.train,
                 .test = loaded.parts.test,
                 .validation = loaded.parts.validation,
                 .table = std::move(loaded.table)};
  if (!config.preprocess.empty())
    require_no_indices(result, fmt::format("--preprocess {}", config.preprocess));
  return result;
}

static RunData from_text(const TrainConfig& config) {
  refuse_picture_options(config);
  RunText loaded = load_text(config);
  return {.name = config.data,
          .notes = std::move(loaded.notes),
          .data = loaded.paths,
          .data_dir = "",
          .train = loaded.parts.train,
          .test = loaded.parts.test,
          .validation = loaded.parts.validation,
          .table = {},
          .tokenizer = std::move(loaded.tokenizer)};
}

// Refuses options for texts if the data isn't one.
static void refuse_text_options(const TrainConfig& config) {
  const TrainConfig none;
  const std::pair<const char*, bool> options[] = {{"context", config.context != none.context},
                                                  {"tokens", config.tokens.has_value()},
                                                  {"windows", config.windows != none.windows}};
  for (const auto& [name, is_given] : options)
    if (is_given) throw UsageError("--{} needs a text, but --data {} isn't one", name, config.data);
}

RunData load_data(const TrainConfig& config) {
  const bool has_text = is_text(config), has_table = !has_text && is_table(config.data);
  if (!has_text) refuse_text_options(config);
  if (has_table && config.format < 3)
    file_error(config.data,
               "was read in another way by the older program that made the run; gradus "
               "evaluate RUN --data FILE evaluates it");
  if (!has_table) refuse_table_options(config, has_text);
  RunData result = has_text ? from_text(config) : has_table ? from_table(config) : load_set(config);
  const char* task = train::task_of(result.train).name;
  if (config.task != "auto" && config.task != task)
    throw UsageError("--task {} doesn't fit the targets of {}: their task is {}", config.task,
                     config.data, task);
  normalize(result, config);
  return result;
}

std::string data_label(const std::string& name) {
  const std::string label = std::filesystem::path(name).stem().string();
  return label.empty() ? "data" : label;
}

std::string model_label(const std::string& model) {
  return model.find_first_of(" ,(") == model.npos ? model : "network";
}

}  // namespace gradus::app
