// SearchPlan: what a search was told; SearchFolder: keeps it, what it asked and heard, and its
// trials.
#pragma once

#include "apps/gradus/cli/options.hpp"
#include "core/io/folder_lock.hpp"
#include "optim/search/search_method.hpp"
#include "train/fit.hpp"

namespace gradus::app {

/// What trials are compared by: a column of metrics.csv, of which the best epoch counts.
struct Metric {
  std::string column;
  double train::EpochRecord::*field;  ///< the same, of what was read
  double sign;                        ///< 1 where larger is better, -1 where smaller is

  /// The best of the values, by epochs, as a search is told it; NaN where none is a number.
  double score(const std::vector<double>& values) const;
  /// Of a score, the metric itself.
  double value(double score) const { return sign * score; }
};

const Registry<Metric>& search_metrics();

/// As search.json keeps it.
struct SearchPlan {
  std::string space;  ///< as text
  std::string method = "bayes", metric = "val-accuracy";
  int64_t budget = 20, epochs = 10, seed = 0;
  bool median_stopping = false;
  OptionValues flags = {};              ///< of the method
  std::vector<std::string> train = {};  ///< arguments that every trial gets
  bool test = true;                     ///< whether the best trial meets the test set
};

Json to_json(const SearchPlan& plan);
/// Throws a std::exception for what is no plan.
SearchPlan plan_from_json(const Json& json);

/// Throws UsageError where method, space and flags don't fit.
std::unique_ptr<optim::Search> make_search(const SearchPlan& plan);

/// What happened, in its order: enough to have the search where it was.
struct SearchEvent {
  enum class Kind { started, finished, failed };

  Kind kind;
  int64_t trial;
  int64_t until_epoch = 0;          ///< of a job that started
  std::vector<double> values = {};  ///< of the metric in each epoch so far, of one that finished
  std::string error = {};           ///< of one that failed
};

/// Every file is written whole or not at all; errors are std::runtime_error "path: …".
class SearchFolder {
 public:
  /// Makes the folder, or takes one without a search in it, and writes search.json. An empty path
  /// stands for the first free of searches/METHOD-1, searches/METHOD-2, …
  static SearchFolder create(const std::string& path, const SearchPlan& plan);
  /// One that create() has made. Throws where search.json is missing or damaged.
  static SearchFolder open(const std::string& path);

  const std::string& path() const { return path_; }
  const SearchPlan& plan() const { return plan_; }
  const std::vector<SearchEvent>& events() const { return events_; }
  /// In search.json before it returns.
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
