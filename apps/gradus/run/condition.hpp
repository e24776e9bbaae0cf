// Condition: a condition on a named value, as in "test_accuracy>=.95" or "model=lenet*".
#pragma once

#include <nlohmann/json.hpp>

#include "apps/gradus/cli/options.hpp"

namespace gradus::app {

/// Numbers are compared by value, texts alphabetically; = and != compare a text with a pattern with
/// * and ?.
struct Condition {
  std::string name;
  std::string comparison;  ///< "=", "!=", "<", "<=", ">" or ">="
  std::string value;
  std::optional<double> number = {};  ///< the value, if it is a number

  /// Whether `given` fulfils the condition. A missing value (null) only fulfils !=, like NaN.
  bool holds(const Json& given) const;
};

/// Parses conditions separated by commas; an empty text has none. Throws UsageError, which says
/// that `owner` must be conditions.
std::vector<Condition> parse_conditions(std::string_view text, std::string_view owner);

}  // namespace gradus::app
