#include "apps/gradus/run/run_filter.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "apps/gradus/cli/errors.hpp"
#include "core/text/glob.hpp"
#include "core/text/number.hpp"
#include "core/text/split.hpp"

namespace gradus::app {
namespace {

constexpr std::size_t most_listed = 12;

// Negative, 0 or positive.
int compare(const Json& value, const std::string& other) {
  const std::optional<double> number = parse_number<double>(other);
  if (!value.is_number() || !number) {
    const int order = text_of(value).compare(other);
    return order < 0 ? -1 : order > 0;
  }
  const auto own = value.get<double>();
  return own < *number ? -1 : own > *number;
}

bool is_equal(const Json& value, const std::string& other) {
  return value.is_number() ? compare(value, other) == 0 : matches(other, text_of(value));
}

// Nothing before numbers, numbers before texts.
bool is_before(const Json& a, const Json& b) {
  const auto kind = [](const Json& value) {
    return value.is_null() ? 0 : value.is_number() ? 1 : 2;
  };
  if (kind(a) != kind(b)) return kind(a) < kind(b);
  if (a.is_number()) return a.get<double>() < b.get<double>();
  return !a.is_null() && text_of(a) < text_of(b);
}

}  // namespace

RunFilter::RunFilter(const std::string& text) {
  const std::size_t at = text.find_first_of("=!<>");
  if (at != text.npos && at > 0) {
    const std::size_t length = text.find_first_not_of("=!<>", at) - at;
    field_ = text.substr(0, at);
    comparison_ = text.substr(at, std::min(length, text.size() - at));
    value_ = text.substr(at + comparison_.size());
  }
  const auto known = {"=", "!=", "<", "<=", ">", ">="};
  if (std::find(known.begin(), known.end(), comparison_) == known.end() || value_.empty())
    throw UsageError(fmt::format(
        "--filter is conditions such as model=lenet or test_accuracy>0.98, with {}; got '{}'",
        fmt::join(known, " "), text));
}

bool RunFilter::holds(const RunSummary& run) const {
  const Json value = run.value(field_);
  if (comparison_ == "!=") return value.is_null() || !is_equal(value, value_);
  if (value.is_null()) return false;
  if (comparison_ == "=") return is_equal(value, value_);
  const int order = compare(value, value_);
  if (order == 0) return comparison_.size() == 2;
  return (order < 0) == (comparison_[0] == '<');
}

std::vector<RunFilter> parse_filters(const std::string& text) {
  std::vector<RunFilter> filters;
  if (text.empty()) return filters;
  for (const std::string_view part : split(text, ',')) filters.emplace_back(std::string(part));
  return filters;
}

void check_field(const std::string& field, const std::vector<RunSummary>& runs) {
  std::set<std::string> names;
  for (const Choice& column : list_columns()) names.insert(column.name);
  for (const RunSummary& run : runs)
    for (const Json* object : {&run.report, &run.config})
      for (const auto& [key, value] : object->items())
        if (!value.is_structured()) names.insert(key);
  if (names.count(json_key(field)) > 0) return;
  std::vector<std::string> nearest = nearest_first(field, {names.begin(), names.end()});
  nearest.resize(std::min(nearest.size(), most_listed));
  throw UsageError(fmt::format("no run has '{}'; the nearest of what there is: {}", field,
                               fmt::join(nearest, ", ")));
}

void sort_runs(std::vector<RunSummary>& runs, const std::string& field) {
  std::stable_sort(runs.begin(), runs.end(), [&](const RunSummary& a, const RunSummary& b) {
    return is_before(a.value(field), b.value(field));
  });
}

}  // namespace gradus::app
