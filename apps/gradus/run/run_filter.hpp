// Conditions on runs, and their order.
#pragma once

#include <string>
#include <vector>

#include "apps/gradus/run/run_summary.hpp"

namespace gradus::app {

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
