#include "apps/gradus/run/run_summary.hpp"

#include <fmt/chrono.h>

#include <cmath>
#include <cstring>
#include <set>

#include "apps/gradus/run/provenance.hpp"
#include "core/io/folder_lock.hpp"
#include "core/io/json.hpp"
#include "train/history.hpp"

namespace gradus::app {
namespace {

namespace fs = std::filesystem;

constexpr int deepest = 3;
constexpr std::size_t most_listed = 12;

Json read_object(const fs::path& path) {
  Json json = read_json(path.string());
  if (!json.is_object()) file_error(path.string(), "must contain a JSON object");
  return json;
}

void read_into(RunSummary& run) {
  const fs::path folder = run.path;
  if (!fs::is_directory(folder)) file_error(run.path, "no such run folder");
  run.config = read_object(folder / "config.json");
  run.started = fs::last_write_time(folder / "config.json");
  run.history = train::read_history((folder / "metrics.csv").string());
  // config.json may have been edited.
  const Json swa = run.config.value("swa", Json());
  if (!run.history.empty())
    run.best_epoch = best_epoch(run.history, swa.is_number_integer() ? swa.get<int64_t>() : 1,
                                task_of(run.config));
  run.history = as_meant(run.history, run.config);
  if (fs::exists(folder / "report.json")) run.report = read_object(folder / "report.json");
  run.state = !run.report.empty()                   ? "finished"
              : fs::exists(folder / "diverged.txt") ? "diverged"
              : FolderLock::is_held(run.path)       ? "running"
                                                    : "stopped";
}

// "2026-11-21 22:14" in local time.
std::string date_text(fs::file_time_type time) {
  const auto seconds =
      std::chrono::floor<std::chrono::seconds>(std::chrono::file_clock::to_sys(time));
  return fmt::format("{:%Y-%m-%d %H:%M}",
                     fmt::localtime(std::chrono::system_clock::to_time_t(seconds)));
}

void collect(std::vector<RunSummary>& runs, const fs::path& folder, int depth) {
  std::error_code unreadable;
  for (const auto& entry : fs::directory_iterator(folder, unreadable)) {
    if (!entry.is_directory(unreadable)) continue;
    if (fs::exists(entry.path() / "config.json", unreadable))
      runs.push_back(read_run(entry.path().string()));
    else if (depth < deepest)
      collect(runs, entry.path(), depth + 1);
  }
}

// Missing values come before numbers, numbers before texts.
bool is_before(const Json& a, const Json& b) {
  const auto kind = [](const Json& value) {
    return value.is_null() ? 0 : value.is_number() ? 1 : 2;
  };
  if (kind(a) != kind(b)) return kind(a) < kind(b);
  if (a.is_number()) return a.get<double>() < b.get<double>();
  return !a.is_null() && text_of(a) < text_of(b);
}

}  // namespace

const Choices& list_columns() {
  static const Choices columns{
      {"name", "the folder; numbers in it are sorted by value"},
      {"state", "finished, running, stopped (--resume continues), diverged or damaged"},
      {"data", "the data set"},
      {"model", "the network"},
      {"epochs", "number of finished epochs"},
      {"val_accuracy", "validation accuracy of the epoch whose weights are the result, 0 … 1"},
      {"test_accuracy", "test accuracy of a finished run, 0 … 1"},
      {"train_seconds", "training time without evaluation"},
      {"date", "start of the run"}};
  return columns;
}

const train::Task& task_of(const Json& config) {
  const Json name = config.value("task", Json());
  return train::tasks().find(name.is_string() && train::tasks().contains(name.get<std::string>())
                                 ? name.get<std::string>()
                                 : "classify");
}

std::optional<train::EpochRecord> RunSummary::best() const {
  if (history.empty()) return std::nullopt;
  return history[best_epoch];
}

Json RunSummary::value(std::string field) const {
  field = json_key(field);
  const std::optional<train::EpochRecord> best_record = best();
  if (field == "name") return name;
  if (field == "state") return state;
  if (field == "date") return started ? Json(date_text(*started)) : Json();
  if (field == "data" && config.contains("data"))
    return data_label(config["data"].is_string() ? config["data"].get<std::string>() : "");
  if (field == "epochs") return history.empty() ? Json() : Json(history.size());
  const auto number = [](double value) { return std::isnan(value) ? Json() : Json(value); };
  if (field == std::string("val_") + task_of(config).score.name)
    return best_record ? number(best_record->val_score) : Json();
  if (field == "val_loss") return best_record ? number(best_record->val_loss) : Json();
  if (field == "train_seconds")
    return history.empty() ? Json() : Json(train::training_seconds(history));
  for (const Json* object : {&report, &config})
    if (object->contains(field) && !(*object)[field].is_structured()) return (*object)[field];
  return {};
}

RunSummary read_run(const std::string& path) {
  RunSummary run;
  run.path = run.name = path;
  try {
    read_into(run);
  } catch (const std::exception& error) {
    run.state = "damaged";
    run.problem = error.what();
  }
  return run;
}

std::vector<RunSummary> read_runs(const std::vector<std::string>& paths) {
  std::vector<RunSummary> runs;
  for (const std::string& path : paths) {
    runs.push_back(read_run(path));
    if (!runs.back().problem.empty()) throw std::runtime_error(runs.back().problem);
  }
  return runs;
}

std::vector<RunSummary> find_runs(const std::string& folder) {
  if (!fs::is_directory(folder)) file_error(folder, "no such folder");
  std::vector<RunSummary> runs;
  collect(runs, folder, 1);
  for (RunSummary& run : runs) run.name = fs::path(run.path).lexically_relative(folder).string();
  std::ranges::sort(runs, [](const RunSummary& a, const RunSummary& b) {
    return strverscmp(a.name.c_str(), b.name.c_str()) < 0;
  });
  return runs;
}

void check_field(const std::string& field, const std::vector<RunSummary>& runs) {
  std::set<std::string> names;
  for (const Choice& column : list_columns()) names.insert(column.name);
  for (const RunSummary& run : runs)
    for (const Json* object : {&run.report, &run.config})
      for (const auto& [key, value] : object->items())
        if (!value.is_structured()) names.insert(key);
  if (names.count(json_key(field)) > 0) return;
  std::vector<std::string> nearest = nearest_first(field, {names.begin(), names.end()});
  nearest.resize(std::min(nearest.size(), most_listed));
  throw UsageError("no run has '{}'; similar names: {}", field, fmt::join(nearest, ", "));
}

void sort_runs(std::vector<RunSummary>& runs, const std::string& field) {
  std::ranges::stable_sort(runs, [&](const RunSummary& a, const RunSummary& b) {
    return is_before(a.value(field), b.value(field));
  });
}

}  // namespace gradus::app
