// RunSummary: the state and results of a run without its model.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

#include "apps/gradus/cli/options.hpp"
#include "train/fit.hpp"

namespace gradus::app {

struct RunSummary {
  std::string path, name;  ///< the folder, and its name in lists
  /// "finished", "running" (a program has locked it), "stopped" (--resume continues), "diverged" or
  /// "damaged"
  std::string state;
  std::string problem;  ///< of a damaged run, with the path of the file
  Json config = Json::object(), report = Json::object();  ///< `report` is empty before the end
  train::History history;
  std::size_t best_epoch = 0;  ///< the index of the epoch whose weights are the result
  std::optional<std::filesystem::file_time_type> started;  ///< empty for a damaged run

  /// The record of that epoch; empty before the first epoch is finished.
  std::optional<train::EpochRecord> best() const;
  /// The value of a column of list_columns(), or from report.json or config.json ("-" and "_" are
  /// the same); null if there is none.
  Json value(std::string field) const;
};

/// The task in a run's config.json; that of older runs is classify.
const train::Task& task_of(const Json& config);

/// The columns of a list of runs, in order, each with a line of explanation.
const Choices& list_columns();

/// Reads the run in the folder `path`. Doesn't throw for invalid files: the run is then "damaged".
RunSummary read_run(const std::string& path);
/// The same for several, but throws std::runtime_error for one that is damaged.
std::vector<RunSummary> read_runs(const std::vector<std::string>& paths);

/// The runs in `folder` and its subfolders to a depth of three (a search has its trials there), in
/// the natural order of their names (2 before 10). Throws std::runtime_error if there is no such
/// folder.
std::vector<RunSummary> find_runs(const std::string& folder);

/// Throws UsageError, listing similar names, unless `field` is a column or a value of a run.
void check_field(const std::string& field, const std::vector<RunSummary>& runs);

/// Sorts by a value, the smallest first, after runs without the value. The sort is stable.
void sort_runs(std::vector<RunSummary>& runs, const std::string& field);

}  // namespace gradus::app
