// RunGroup: trainings with the same options that differ in their seed or fold; scored_set,
// train_group, group_report, group_page.
#pragma once

#include "apps/gradus/run/run_summary.hpp"
#include "core/io/folder_lock.hpp"

namespace gradus::app {

/// A folder with a run for each seed or fold, and group.json, which describes them.
struct RunGroup {
  std::string path;
  std::string kind;  ///< "seed" or "fold"
  int64_t count = 0;
  Json options;  ///< of train, as in config.json
  std::shared_ptr<FolderLock> lock = {};

  /// The names of the runs' folders: "fold-1", …; seeds count from the seed in the options.
  std::vector<std::string> names() const;
  /// The paths of the runs' folders.
  std::vector<std::string> paths() const;
};

/// Whether the folder contains group.json.
bool is_group(const std::string& path);
/// Creates the folder; an empty path means the first unused name of runs/<name>-1, -2, …. Throws
/// std::runtime_error if there is a run or group already.
RunGroup create_group(const std::string& path, const std::string& name, const std::string& kind,
                      int64_t count, const Json& options);
/// Reads group.json. Throws std::runtime_error "path: …" for a damaged file. `locked` keeps other
/// programs from training the group.
RunGroup open_group(const std::string& path, bool locked);

/// A set of samples with scores.
struct ScoredSet {
  std::string prefix;  ///< of the names of its scores: "test_" or "val_"
  std::string name;    ///< "test" or "validation"
};
/// The test set, or the validation set if a report has no score of the test set (--no-test).
ScoredSet scored_set(const Json& report, const train::EpochScore& score);

/// How train_group() trains.
struct GroupOptions {
  int64_t jobs = 1;     ///< runs at the same time, which share the threads
  int64_t threads = 1;  ///< of all
  bool quiet = false;
};
/// Trains the runs that aren't finished, each in a child process. Returns false after a signal.
/// Throws std::runtime_error with the error of a run that failed, after the others.
bool train_group(const RunGroup& group, const GroupOptions& options);

/// The runs' names, and NAME, NAME_deviation and NAME_interval of each number in their report.json
/// that is a score or a time, and of the validation scores if there are none of the test set: mean,
/// standard deviation and Student's 95 % interval of the mean.
Json group_report(const RunGroup& group);
/// The page with the scores, the runs and their curves.
std::string group_page(const RunGroup& group, const Json& report);

}  // namespace gradus::app
