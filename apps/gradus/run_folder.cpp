#include "apps/gradus/run_folder.hpp"

#include <filesystem>
#include <fstream>

#include "apps/gradus/new_folders.hpp"
#include "apps/pictures/chart.hpp"
#include "core/file.hpp"
#include "core/safetensors.hpp"

namespace gradus::app {
namespace {

namespace fs = std::filesystem;

constexpr const char *config_file = "config.json", *metrics_file = "metrics.csv",
                     *curves_file = "curves.svg", *best_file = "best.safetensors",
                     *checkpoint_file = "checkpoint.safetensors", *report_file = "report.json";

// Of the metadata of safetensors files.
constexpr const char *description_key = "gradus.model", *training_key = "gradus.training";
constexpr const char *model_prefix = "model.", *optimizer_prefix = "optimizer.",
                     *average_prefix = "average.", *matrix_name = "preprocessing.matrix";

std::string first_free(const std::string& name) {
  for (int number = 1;; ++number) {
    const std::string path = fmt::format("runs/{}-{}", name, number);
    if (!fs::exists(path)) return path;
  }
}

std::string metrics_table(const std::vector<EpochRecord>& history) {
  std::string table = "epoch,step,lr,train_loss,train_accuracy,val_loss,val_accuracy,seconds\n";
  for (const EpochRecord& r : history)
    table += fmt::format("{},{},{},{},{},{},{},{:.3f}\n", r.epoch, r.step, r.lr, r.train_loss,
                         r.train_accuracy, r.val_loss, r.val_accuracy, r.seconds);
  return table;
}

std::string curves(const std::vector<EpochRecord>& history, bool held_out) {
  const auto series = [&](const char* name, double EpochRecord::*column, double scale) {
    pictures::Series result{name, {}, {}};
    for (const EpochRecord& record : history) {
      result.x.push_back(static_cast<double>(record.epoch));
      result.y.push_back(scale * record.*column);
    }
    return result;
  };
  const char* other = held_out ? "held-out" : "test";
  return pictures::render({{"Loss",
                            "epoch",
                            "loss",
                            {series("training", &EpochRecord::train_loss, 1),
                             series(other, &EpochRecord::val_loss, 1)}},
                           {"Accuracy",
                            "epoch",
                            "accuracy (%)",
                            {series("training", &EpochRecord::train_accuracy, 100),
                             series(other, &EpochRecord::val_accuracy, 100)}}});
}

Json to_json(const EpochRecord& r) {
  return {r.epoch,          r.step,     r.lr,           r.train_loss,
          r.train_accuracy, r.val_loss, r.val_accuracy, r.seconds};
}

EpochRecord record_from_json(const Json& j) {
  return {j.at(0), j.at(1), j.at(2), j.at(3), j.at(4), j.at(5), j.at(6), j.at(7)};
}

Json to_json(const TrainingTask& task, const TrainingState& state) {
  Json history = Json::array(), generators = Json::object();
  for (const EpochRecord& record : state.history) history.push_back(to_json(record));
  for (const auto& [name, rng] : task.model.named_generators())
    generators[name] = {rng->state().seed, rng->state().stream, rng->state().position};
  return {{"history", history},       {"batches", state.batches},    {"images", state.images},
          {"correct", state.correct}, {"loss_sum", state.loss_sum},  {"seconds", state.seconds},
          {"generators", generators}, {"samples", task.train.size()}};
}

TrainingState state_from_json(const Json& json, const TrainingTask& task) {
  if (json.at("samples") != task.train.size())
    throw std::runtime_error(fmt::format("was trained on {} samples, now there are {}",
                                         json.at("samples").dump(), task.train.size()));
  for (const auto& [name, rng] : task.model.named_generators()) {
    const Json& state = json.at("generators").at(name);
    *rng = Rng(Rng::State{state.at(0), state.at(1), state.at(2)});
  }
  TrainingState state{.history = {},
                      .batches = json.at("batches"),
                      .images = json.at("images"),
                      .correct = json.at("correct"),
                      .loss_sum = json.at("loss_sum"),
                      .seconds = json.at("seconds")};
  for (const Json& record : json.at("history")) state.history.push_back(record_from_json(record));
  return state;
}

// The tensors whose names begin with `prefix`, without it.
NamedTensors part(const SafetensorsFile& file, std::string_view prefix) {
  NamedTensors result;
  for (const auto& [name, tensor] : file.tensors)
    if (name.starts_with(prefix)) result.emplace_back(name.substr(prefix.size()), tensor);
  return result;
}

void add_matrix(NamedTensors& tensors, const ModelDescription& description) {
  if (description.normalization.matrix)
    tensors.emplace_back(matrix_name, description.normalization.matrix);
}

// The weights of best.safetensors: the preprocessing's matrix isn't one.
NamedTensors weights(const SafetensorsFile& file) {
  NamedTensors result = file.tensors;
  std::erase_if(result, [](const auto& named) { return named.first == matrix_name; });
  return result;
}

Tensor matrix_of(const SafetensorsFile& file) {
  for (const auto& [name, tensor] : file.tensors)
    if (name == matrix_name) return tensor;
  return {};
}

// Whatever is wrong with the content of a file is said with its name.
template <class Body>
auto of_file(const std::string& path, Body&& body) {
  try {
    return body();
  } catch (const std::exception& error) {
    const std::string text = error.what();
    if (text.starts_with(path)) throw std::runtime_error(text);
    file_error(path, "{}", text);
  }
}

const std::string& metadata(const SafetensorsFile& file, const char* key) {
  const auto found = file.metadata.find(key);
  if (found == file.metadata.end())
    throw std::runtime_error(fmt::format("no file of gradus train: its metadata lacks {}", key));
  return found->second;
}

}  // namespace

std::string RunFolder::file(const char* name) const {
  return (fs::path(path_) / name).string();
}

RunFolder RunFolder::create(const std::string& path, const std::string& name, const Json& config) {
  const RunFolder folder(path.empty() ? first_free(name) : path, config);
  const std::string config_path = folder.file(config_file);
  if (fs::exists(config_path))
    file_error(folder.path_, "holds a run already: give another --out, or go on with --resume {}",
               folder.path_);
  NewFolders folders(folder.path_);
  write_file_atomically(config_path, config.dump(2) + '\n');
  folders.keep();
  return folder;
}

RunFolder RunFolder::open(const std::string& path) {
  if (!fs::is_directory(path)) file_error(path, "no such run folder");
  const std::string config_path = (fs::path(path) / config_file).string();
  std::ifstream stream(config_path);
  if (!stream) file_error(path, "no run folder: it has no config.json that can be read");
  return of_file(config_path, [&] { return RunFolder(path, Json::parse(stream)); });
}

bool RunFolder::is_finished() const {
  return fs::exists(file(report_file));
}

void RunFolder::write_history(const std::vector<EpochRecord>& history) const {
  write_file_atomically(file(metrics_file), metrics_table(history));
  const bool held_out = config_.value("val_split", 0.0) > 0;
  write_file_atomically(file(curves_file), curves(history, held_out));
}

void RunFolder::write_best(layers::Module& model, const ModelDescription& description) const {
  NamedTensors tensors = model.state_dict();
  add_matrix(tensors, description);
  write_safetensors(file(best_file), tensors,
                    {{"format", "pt"}, {description_key, description.to_json().dump()}});
}

void RunFolder::write_report(const Json& report) const {
  write_file_atomically(file(report_file), report.dump(2) + '\n');
}

void RunFolder::write_checkpoint(const TrainingTask& task, const TrainingState& state,
                                 const ModelDescription& description) const {
  NamedTensors tensors;
  for (const auto& [name, tensor] : task.model.state_dict())
    tensors.emplace_back(model_prefix + name, tensor);
  for (const auto& [name, tensor] : task.optimizer.state_dict())
    tensors.emplace_back(optimizer_prefix + name, tensor);
  if (task.average)
    for (const auto& [name, tensor] : task.average->state_dict())
      tensors.emplace_back(average_prefix + name, tensor);
  add_matrix(tensors, description);
  write_safetensors(file(checkpoint_file), tensors,
                    {{description_key, description.to_json().dump()},
                     {training_key, to_json(task, state).dump()}});
}

TrainingState RunFolder::read_checkpoint(TrainingTask& task) const {
  const std::string path = file(checkpoint_file);
  return of_file(path, [&] {
    const SafetensorsFile saved = read_safetensors(path);
    const TrainingState state = state_from_json(Json::parse(metadata(saved, training_key)), task);
    task.model.load_state_dict(part(saved, model_prefix));
    task.optimizer.load_state_dict(part(saved, optimizer_prefix));
    if (task.average) task.average->load_state_dict(part(saved, average_prefix));
    return state;
  });
}

SavedModel RunFolder::load_model() const {
  const bool has_best = fs::exists(file(best_file));
  const std::string path = file(has_best ? best_file : checkpoint_file);
  return of_file(path, [&] {
    const SafetensorsFile saved = read_safetensors(path);
    auto description = ModelDescription::from_json(Json::parse(metadata(saved, description_key)));
    description.normalization.matrix = matrix_of(saved);
    SavedModel result{description, build_model(description, Rng(0))};
    result.model.load_state_dict(has_best ? weights(saved) : part(saved, model_prefix));
    return result;
  });
}

void RunFolder::load_best(layers::Module& model) const {
  const std::string path = file(best_file);
  of_file(path, [&] { model.load_state_dict(weights(read_safetensors(path))); });
}

}  // namespace gradus::app
