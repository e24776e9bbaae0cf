#include "apps/gradus/run/condition.hpp"

#include <compare>

#include "core/text/glob.hpp"

namespace gradus::app {

bool Condition::holds(const Json& given) const {
  if (given.is_null()) return comparison == "!=";
  const std::partial_ordering order = given.is_number() && number
                                          ? given.get<double>() <=> *number
                                          : text_of(given).compare(value) <=> 0;
  if (comparison == "<") return order < 0;
  if (comparison == "<=") return order <= 0;
  if (comparison == ">") return order > 0;
  if (comparison == ">=") return order >= 0;
  const bool is_equal = given.is_number() ? order == 0 : matches(value, text_of(given));
  return is_equal == (comparison == "=");
}

std::vector<Condition> parse_conditions(std::string_view text, std::string_view owner) {
  constexpr std::string_view signs = "=!<>";
  const auto comparisons = {"=", "!=", "<", "<=", ">", ">="};
  std::vector<Condition> conditions;
  if (text.empty()) return conditions;
  for (const std::string_view part : split(text, ',')) {
    const std::size_t begin = std::min(part.find_first_of(signs), part.size());
    const std::size_t end = std::min(part.find_first_not_of(signs, begin), part.size());
    const std::string_view value = trimmed(part.substr(end));
    conditions.push_back({std::string(trimmed(part.substr(0, begin))),
                          std::string(part.substr(begin, end - begin)), std::string(value),
                          parse_number<double>(value)});
    const Condition& condition = conditions.back();
    if (condition.name.empty() || value.empty() ||
        std::ranges::find(comparisons, condition.comparison) == comparisons.end())
      throw UsageError("{} must be conditions such as test_accuracy>=.95, with {}; got '{}'", owner,
                       fmt::join(comparisons, " "), part);
  }
  return conditions;
}

}  // namespace gradus::app
