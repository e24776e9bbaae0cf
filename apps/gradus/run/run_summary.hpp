// What run folders say of themselves, without their models: to list, choose, sort and compare runs.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

#include "apps/gradus/cli/options.hpp"
#include "train/fit.hpp"

namespace gradus::app {

struct RunSummary {
  std::string path, name;  ///< the folder, and how a list calls it
  /// "finished", "running" (a program holds the folder), "stopped" (--resume goes on), or "damaged"
  std::string state;
  std::string problem;  ///< of a damaged one, with the path of the file
  Json config = Json::object(), report = Json::object();  ///< of an unfinished one, no report
  train::History history;
  std::filesystem::file_time_type started;

  /// The record of the best epoch; none before the first has ended.
  std::optional<train::EpochRecord> best() const;
  /// Of a column of list_columns(), of report.json or of config.json, where - is as good as _; null
  /// where there is none.
  Json value(std::string field) const;
};

/// The values that a list of runs shows, in its order, each with a line of explanation.
const Choices& list_columns();

/// The run in the folder `path`. Never throws for what is in it: that makes a damaged one.
RunSummary read_run(const std::string& path);

/// The runs in `folder`, by the natural order of their names (2 before 10), and in folders therein,
/// to a depth of three: a search has its trials there. Throws std::runtime_error where there is no
/// such folder.
std::vector<RunSummary> find_runs(const std::string& folder);

/// "test_accuracy>0.98": a value of RunSummary::value() compared with =, !=, <, <=, > or >=.
/// Numbers are compared as such, texts by their characters, and = takes a pattern with * and ?.
/// What a run doesn't have fulfils nothing but !=.
class RunFilter {
 public:
  /// Throws UsageError.
  explicit RunFilter(const std::string& text);

  const std::string& field() const { return field_; }
  bool holds(const RunSummary& run) const;

 private:
  std::string field_, comparison_, value_;
};

/// Conditions joined by commas; none of an empty text.
std::vector<RunFilter> parse_filters(const std::string& text);

/// Throws UsageError, listing others, unless `field` is a column or some run has it.
void check_field(const std::string& field, const std::vector<RunSummary>& runs);

/// The smallest value first, runs without one before them; the order stays among equal ones.
void sort_runs(std::vector<RunSummary>& runs, const std::string& field);

}  // namespace gradus::app
