#include "apps/gradus/run/run_folder.hpp"

#include <algorithm>
#include <filesystem>

#include "apps/gradus/cli/new_folders.hpp"
#include "apps/gradus/report/curves.hpp"
#include "apps/gradus/run/json.hpp"
#include "apps/gradus/run/provenance.hpp"
#include "apps/gradus/train/history.hpp"
#include "core/io/file.hpp"

namespace gradus::app {
namespace {

namespace fs = std::filesystem;

constexpr const char *config_file = "config.json", *metrics_file = "metrics.csv",
                     *curves_file = "curves.svg", *best_file = "best.safetensors",
                     *next_file = "checkpoint.next.safetensors",
                     *checkpoint_file = "checkpoint.safetensors",
                     *previous_file = "checkpoint.previous.safetensors",
                     *report_file = "report.json", *steps_file = "steps.csv";

// The newest first.
constexpr auto checkpoint_files = {next_file, checkpoint_file, previous_file};

// What would be mixed with a new run's.
void refuse_leftovers(const std::string& path) {
  for (const char* name : {next_file, checkpoint_file, previous_file, best_file, metrics_file,
                           steps_file, report_file})
    if (fs::exists(fs::symlink_status(fs::path(path) / name)))
      file_error(path, "holds {} of another run: give another --out, or remove it", name);
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
    file_error(folder.path_, "holds a run already: give another --out, or go on with --resume {}",
               folder.path_);
  refuse_leftovers(folder.path_);
  folder.write(config_file, config.dump(2) + '\n');
  folders.keep();
  return folder;
}

RunFolder RunFolder::open(const std::string& path) {
  if (!fs::is_directory(path)) file_error(path, "no such run folder");
  const std::string config_path = (fs::path(path) / config_file).string();
  if (!fs::exists(config_path))
    file_error(path, "no run folder: it has no config.json that can be read");
  Json config = read_json(config_path);
  require_known_format(config_path, config);
  return RunFolder(path, std::move(config));
}

RunFolder RunFolder::open_to_write(const std::string& path) {
  RunFolder folder = open(path);
  folder.lock_ = std::make_shared<FolderLock>(path);
  return folder;
}

bool RunFolder::has_checkpoint() const {
  return std::any_of(checkpoint_files.begin(), checkpoint_files.end(),
                     [&](const char* name) { return fs::exists(file(name)); });
}

bool RunFolder::is_finished() const {
  return fs::exists(file(report_file));
}

void RunFolder::write(const char* name, std::string_view content) const {
  remove_link(file(name));
  write_file_atomically(file(name), content);
}

void RunFolder::write_history(const std::vector<EpochRecord>& history) const {
  write(metrics_file, metrics_table(history));
  const char* judge = config_.value("val_split", 0.0) > 0 ? "held-out" : "test";
  write(curves_file, pictures::render(curves(history, judge)));
}

void RunFolder::write_best(const TrainingState& state, const ModelDescription& description) const {
  remove_link(file(best_file));
  write_model(file(best_file), state.best, description);
}

void RunFolder::write_report(const Json& report) const {
  write(report_file, report.dump(2) + '\n');
}

// docs/runs.md has a table of the states in between.
void RunFolder::write_checkpoint(const Training& training, const TrainingState& state,
                                 const ModelDescription& description) {
  for (const char* name : checkpoint_files) remove_link(file(name));
  app::write_checkpoint(file(next_file), training, state, description, config_);
  if (last_is_whole_) rename_file(file(checkpoint_file), file(previous_file));
  last_is_whole_ = false;
  rename_file(file(next_file), file(checkpoint_file));
  last_is_whole_ = true;
}

Restored RunFolder::read_checkpoint(Training& training, const ModelDescription& description) {
  std::string first_error;
  for (const std::string name : checkpoint_files) {
    if (!fs::exists(file(name.c_str()))) continue;
    Restored restored;
    try {
      restored.state = app::read_checkpoint(file(name.c_str()), training, description, config_);
    } catch (const std::runtime_error& error) {
      if (first_error.empty()) first_error = error.what();
      continue;
    }
    if (!first_error.empty())
      restored.note = first_error + "; going on from the checkpoint before it";
    // What the program that wrote it was stopped in.
    if (name == next_file) rename_file(file(next_file), file(checkpoint_file));
    last_is_whole_ = name != previous_file;
    return restored;
  }
  throw std::runtime_error(first_error);
}

SavedModel RunFolder::load_model() const {
  for (const char* name : {best_file, next_file, checkpoint_file, previous_file})
    if (fs::exists(file(name))) return read_model(file(name));
  file_error(path_, "holds no weights yet");
}

}  // namespace gradus::app
