// SearchPlan: the options of a search; SearchFolder: the folder of a search, with its plan, events
// and trials.
#pragma once

#include "apps/gradus/cli/options.hpp"
#include "core/io/folder_lock.hpp"
#include "optim/search/search_method.hpp"
#include "train/fit.hpp"

namespace gradus::app {

/// The metric of trials: the best value of a column of metrics.csv.
struct Metric {
  std::string column;
  double train::EpochRecord::*field;  ///< the column in an EpochRecord
  double sign;                        ///< 1 if larger values are better, else -1

  /// The score of a trial for the search: sign times the best of the values of its epochs; NaN if
  /// all are NaN.
  double score(const std::vector<double>& values) const;
  /// The value of the metric for a score.
  double value(double score) const { return sign * score; }
};

const Registry<Metric>& search_metrics();

/// The plan in search.json.
struct SearchPlan {
  std::string space;  ///< as text
  std::string method = "bayes", metric = "val-accuracy";
  int64_t budget = 20, epochs = 10, seed = 0;
  bool median_stopping = false;
  OptionValues flags = {};              ///< of the method
  std::vector<std::string> train = {};  ///< arguments that every trial gets
  bool test = true;                     ///< evaluate the best trial on the test set
};

Json to_json(const SearchPlan& plan);
/// Throws a std::exception for an invalid plan.
SearchPlan plan_from_json(const Json& json);

/// Throws UsageError for an invalid method, space or flag.
std::unique_ptr<optim::Search> make_search(const SearchPlan& plan);

/// An event of a search. All events in order suffice to restore the search.
struct SearchEvent {
  enum class Kind { started, finished, failed };

  Kind kind;
  int64_t trial;
  int64_t until_epoch = 0;          ///< of a started job
  std::vector<double> values = {};  ///< of the metric in each epoch, of a finished job
  std::string error = {};           ///< of a failed job
};

/// Every file is written completely or not at all; errors are std::runtime_error "path: …".
class SearchFolder {
 public:
  /// Creates the folder, or uses an existing one without a search, and writes search.json. An empty
  /// path means the first unused name of searches/METHOD-1, searches/METHOD-2, …
  static SearchFolder create(const std::string& path, const SearchPlan& plan);
  /// Opens the folder of a search. Throws if search.json is missing or damaged.
  static SearchFolder open(const std::string& path);

  const std::string& path() const { return path_; }
  const SearchPlan& plan() const { return plan_; }
  const std::vector<SearchEvent>& events() const { return events_; }
  /// Adds the event and writes search.json.
  void add(SearchEvent event);

  void write(const char* name, std::string_view contents) const;
  std::string file(const char* name) const;
  /// The run folder of a trial: trials/0001 for the trial 0.
  std::string trial(int64_t number) const;

 private:
  SearchFolder(std::string path, SearchPlan plan, std::vector<SearchEvent> events);
  void save() const;

  std::string path_;
  SearchPlan plan_;
  std::vector<SearchEvent> events_;
  std::unique_ptr<FolderLock> lock_;
};

}  // namespace gradus::app
