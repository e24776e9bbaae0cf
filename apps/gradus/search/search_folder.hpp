// The folder that holds a search: what it was told, what it asked and heard, and its trials.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "apps/gradus/search/search_plan.hpp"
#include "core/io/folder_lock.hpp"

namespace gradus::app {

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
