#include "apps/gradus/run_folder.hpp"

#include <filesystem>
#include <fstream>

#include "apps/gradus/curves.hpp"
#include "apps/gradus/history.hpp"
#include "apps/gradus/new_folders.hpp"
#include "core/file.hpp"

namespace gradus::app {
namespace {

namespace fs = std::filesystem;

constexpr const char *config_file = "config.json", *metrics_file = "metrics.csv",
                     *curves_file = "curves.svg", *best_file = "best.safetensors",
                     *checkpoint_file = "checkpoint.safetensors",
                     *previous_file = "checkpoint.previous.safetensors",
                     *report_file = "report.json";

// A second name for the file, so that it keeps the first until another takes that: at no moment is
// there none. Where the file system has no second names, the file is renamed.
void keep_as(const std::string& path, const std::string& kept) {
  std::error_code error;
  fs::remove(kept, error);
  fs::create_hard_link(path, kept, error);
  if (error) fs::rename(path, kept);
}

}  // namespace

std::string RunFolder::file(const char* name) const {
  return (fs::path(path_) / name).string();
}

RunFolder RunFolder::create(const std::string& path, const std::string& name, const Json& config) {
  RunFolder folder(path.empty() ? first_free("runs/" + name) : path, config);
  NewFolders folders(folder.path_);
  folder.lock_ = std::make_shared<FolderLock>(folder.path_);
  const std::string config_path = folder.file(config_file);
  if (fs::exists(config_path))
    file_error(folder.path_, "holds a run already: give another --out, or go on with --resume {}",
               folder.path_);
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

RunFolder RunFolder::open_to_write(const std::string& path) {
  RunFolder folder = open(path);
  folder.lock_ = std::make_shared<FolderLock>(path);
  remove_temporary_files(path);
  return folder;
}

bool RunFolder::has_checkpoint() const {
  return fs::exists(file(checkpoint_file)) || fs::exists(file(previous_file));
}

bool RunFolder::is_finished() const {
  return fs::exists(file(report_file));
}

void RunFolder::write_history(const std::vector<EpochRecord>& history) const {
  write_file_atomically(file(metrics_file), metrics_table(history));
  const char* judge = config_.value("val_split", 0.0) > 0 ? "held-out" : "test";
  write_file_atomically(file(curves_file), pictures::render(curves(history, judge)));
}

void RunFolder::write_best(const TrainingState& state, const ModelDescription& description) const {
  write_model(file(best_file), state.best, description);
}

void RunFolder::write_report(const Json& report) const {
  write_file_atomically(file(report_file), report.dump(2) + '\n');
}

void RunFolder::write_checkpoint(const TrainingTask& task, const TrainingState& state,
                                 const ModelDescription& description) const {
  const std::string last = file(checkpoint_file);
  if (fs::exists(last)) keep_as(last, file(previous_file));
  app::write_checkpoint(last, task, state, description);
}

Restored RunFolder::read_checkpoint(TrainingTask& task, const ModelDescription& description) const {
  try {
    return {app::read_checkpoint(file(checkpoint_file), task, description), ""};
  } catch (const std::runtime_error& error) {
    try {
      return {app::read_checkpoint(file(previous_file), task, description),
              fmt::format("{}; going on from the checkpoint before it", error.what())};
    } catch (const std::runtime_error&) {
      throw std::runtime_error(error);
    }
  }
}

SavedModel RunFolder::load_model() const {
  return read_model(file(fs::exists(file(best_file)) ? best_file : checkpoint_file));
}

}  // namespace gradus::app
