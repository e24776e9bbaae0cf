// SearchPlan: space, method, metric and budget of a search; make_search: the search itself.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "apps/gradus/cli/options.hpp"
#include "apps/gradus/train/trainer.hpp"
#include "optim/search/search_method.hpp"

namespace gradus::app {

/// What trials are compared by: a column of metrics.csv, of which the best epoch counts.
struct Metric {
  std::string column;
  double EpochRecord::*field;  ///< the same, of what was read
  double sign;                 ///< 1 where larger is better, -1 where smaller is

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

}  // namespace gradus::app
