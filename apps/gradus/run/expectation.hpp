// Bound, parse_bounds: what a run's report must reach, as in "test_accuracy>=.95".
#pragma once

#include "apps/gradus/run/condition.hpp"

namespace gradus::app {

/// The exit code where a run doesn't reach what is expected.
constexpr int expectation_exit_code = 3;

/// A condition on a number in report.json: "test_accuracy", or the way to it, "classes.3.recall".
using Bound = Condition;

/// parse_conditions() whose values are numbers.
std::vector<Bound> parse_bounds(std::string_view text, std::string_view owner = "--expect");
/// Throws UsageError, listing similar names, unless report.json of a training has that value.
/// `has_test` is false with --no-test.
void require_known(const Bound& bound, bool has_test);

/// The number at that place of the report; empty if there is none.
std::optional<double> number_at(const Json& report, const std::string& name);
/// "expected test_accuracy>=0.95, got 0.9361; …": the bounds that don't hold; empty if all do.
std::string broken_bounds(const std::vector<Bound>& bounds, const Json& report);

}  // namespace gradus::app
