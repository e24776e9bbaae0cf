// Bound, parse_bounds: what a run's report must reach, as in "test_accuracy>=.95".
#pragma once

#include "apps/gradus/cli/options.hpp"

namespace gradus::app {

/// The exit code where a run doesn't reach what is expected.
constexpr int expectation_exit_code = 3;

/// A bound on a number in report.json.
struct Bound {
  std::string name;        ///< "test_accuracy", or the way to it: "classes.3.recall"
  std::string comparison;  ///< ">=", "<=", ">", "<" or "="
  double limit = 0;

  /// Whether `value` is within the bound; NaN never is.
  bool holds(double value) const;
};

/// Parses bounds separated by commas. Throws UsageError for what isn't a bound.
std::vector<Bound> parse_bounds(const std::string& text);
/// Parses one: ">=.95" for the value `name`.
Bound parse_bound(const std::string& name, std::string_view text);
/// Throws UsageError, listing similar names, unless report.json of a training has that value.
/// `has_test` is false with --no-test.
void require_known(const Bound& bound, bool has_test);

/// The number at that place of the report; empty if there is none.
std::optional<double> number_at(const Json& report, const std::string& name);
/// "expected test_accuracy>=0.95, got 0.9361; …": the bounds that don't hold; empty if all do.
std::string broken_bounds(const std::vector<Bound>& bounds, const Json& report);

}  // namespace gradus::app
