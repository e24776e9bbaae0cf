#include "apps/gradus/run/run_folder.hpp"

#include "apps/gradus/cli/new_folders.hpp"
#include "apps/gradus/run/provenance.hpp"
#include "apps/gradus/run/run_summary.hpp"
#include "core/io/file.hpp"
#include "core/io/safetensors.hpp"
#include "core/ops/elementwise.hpp"
#include "train/history.hpp"
#include "train/prediction/trained_model.hpp"

namespace gradus::app {
namespace {

namespace fs = std::filesystem;

constexpr const char *config_file = "config.json", *metrics_file = "metrics.csv",
                     *curves_file = "curves.svg", *report_file = "report.json",
                     *steps_file = "steps.csv", *divergence_file = "diverged.txt",
                     *test_file = "test.safetensors", *rows_file = "rows.safetensors";

// Throws if there are files of another run, which would be mixed with those of the new run.
void refuse_leftovers(const std::string& path) {
  std::vector<const char*> names(train::CheckpointFolder::files.begin(),
                                 train::CheckpointFolder::files.end());
  names.insert(names.end(), {train::weights_file, metrics_file, steps_file, report_file,
                             divergence_file, test_file, rows_file});
  for (const char* name : names)
    if (fs::exists(fs::symlink_status(fs::path(path) / name)))
      file_error(path, "contains {} of another run; choose another --out, or remove it", name);
}

ExtendedRun extended_run(const Json& json) {
  return {.path = json.at("run"),
          .epochs = whole_number(json.value("epochs", Json()), 0, largest_count),
          .steps = whole_number(json.value("steps", Json()), 0, largest_count)};
}

// The values of config.json that determine the result of the training.
Json decisive(Json config) {
  for (const char* key : {"threads", "memory", "data_dir", "origins", "versions"})
    config.erase(key);
  return config;
}

}  // namespace

std::string RunFolder::file(const char* name) const {
  return (fs::path(path_) / name).string();
}

std::string RunFolder::step_log() const {
  return file(steps_file);
}

RunFolder RunFolder::create(const std::string& path, const std::string& name, const Json& config) {
  RunFolder folder(path.empty() ? first_free("runs/" + name) : path, config);
  NewFolders folders(folder.path_);
  folder.lock_ = std::make_shared<FolderLock>(folder.path_);
  const std::string config_path = folder.file(config_file);
  if (fs::exists(config_path))
    file_error(folder.path_,
               "already contains a run; choose another --out, or continue with --resume {}",
               folder.path_);
  refuse_leftovers(folder.path_);
  require_utf8(config);
  folder.write(config_file, config.dump(2) + '\n');
  folders.keep();
  return folder;
}

RunFolder RunFolder::open(const std::string& path) {
  if (!fs::is_directory(path)) file_error(path, "no such run folder");
  const std::string config_path = (fs::path(path) / config_file).string();
  if (!fs::exists(config_path))
    file_error(path, "not a run folder: it has no readable config.json");
  Json config = read_json(config_path);
  require_valid_config(config_path, config);
  return RunFolder(path, std::move(config));
}

RunFolder RunFolder::open_to_write(const std::string& path) {
  RunFolder folder = open(path);
  folder.lock_ = std::make_shared<FolderLock>(path);
  return folder;
}

train::CheckpointFolder RunFolder::checkpoints(const train::ModelDescription& description) const {
  return {path_, {.model = description, .config = decisive(config_).dump()}};
}

TrainConfig RunFolder::options() const {
  TrainConfig result = train_config_from_json(config_);
  result.format = config_.value("format", int64_t{1});
  if (config_.contains("extends"))
    result.extended =
        of_file(file(config_file), [&] { return extended_run(config_.at("extends")); });
  return result;
}

bool RunFolder::is_finished() const {
  return fs::exists(file(report_file));
}

std::optional<std::string> RunFolder::divergence() const {
  if (!fs::exists(file(divergence_file))) return std::nullopt;
  const std::string text = read_file(file(divergence_file));
  return text.substr(0, text.find('\n'));
}

void RunFolder::write(const char* name, std::string_view content) const {
  remove_link(file(name));
  write_file_atomically(file(name), content);
}

void RunFolder::write_history(const train::History& history, const StepLosses& steps) const {
  write(metrics_file, train::metrics_table(history, task_of(config_).score));
  write(curves_file,
        pictures::render(curves(as_meant(history, config_), task_of(config_).score, steps)));
}

void RunFolder::write_best(const NamedTensors& weights,
                           const train::ModelDescription& description) const {
  remove_link(file(train::weights_file));
  train::write_model(file(train::weights_file), weights, description);
}

void RunFolder::write_report(const Json& report) const {
  write(report_file, report.dump(2) + '\n');
}

void RunFolder::write_test(const Tensor& targets, const Tensor& predictions,
                           const Tensor& judged) const {
  constexpr int64_t most = 10'000'000;
  NamedTensors tensors{{"targets", targets}, {"predictions", predictions}};
  const train::Task& task = task_of(config_);
  const bool are_probabilities = task.kind != data::TargetKind::numbers && !task.measured;
  if (are_probabilities && judged.numel() <= most)
    tensors.emplace_back("probabilities", cast(judged, DType::f32));
  if (task.measured) tensors.emplace_back("measured", judged);
  remove_link(file(test_file));
  write_safetensors(file(test_file), tensors);
}

void RunFolder::write_row_hashes(const std::vector<uint64_t>& hashes) const {
  std::vector<int64_t> values(hashes.begin(), hashes.end());
  remove_link(file(rows_file));
  write_safetensors(file(rows_file), {{"train", Tensor::from(values, {std::ssize(values)})}});
}

std::vector<uint64_t> RunFolder::row_hashes() const {
  if (!fs::exists(file(rows_file))) return {};
  return of_file(file(rows_file), [&] {
    const std::vector<int64_t> values =
        read_safetensors(file(rows_file)).at("train").to_vector<int64_t>();
    return std::vector<uint64_t>(values.begin(), values.end());
  });
}

void RunFolder::remove_checkpoints() const {
  for (const char* name : train::CheckpointFolder::files) fs::remove(file(name));
}

void RunFolder::write_divergence(const std::string& why) const {
  write(divergence_file, why + '\n');
}

train::SavedModel RunFolder::load_model() const {
  return train::read_run(path_);
}

}  // namespace gradus::app
