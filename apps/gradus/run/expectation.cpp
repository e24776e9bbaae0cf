#include "apps/gradus/run/expectation.hpp"

#include <nlohmann/json.hpp>

#include "core/text/split.hpp"
#include "train/scores.hpp"

namespace gradus::app {

// The numbers in report.json, but those of each class.
static std::vector<std::string> report_names() {
  std::vector<std::string> names{"train_seconds", "epochs",  "best_epoch", "parameters",
                                 "seed",          "threads", "test_loss"};
  for (const auto& entry : train::scores().entries()) names.push_back("test_" + entry.name);
  return names;
}

bool Bound::holds(double value) const {
  if (comparison == ">=") return value >= limit;
  if (comparison == "<=") return value <= limit;
  if (comparison == ">") return value > limit;
  if (comparison == "<") return value < limit;
  return value == limit;
}

Bound parse_bound(const std::string& name, std::string_view text) {
  const std::size_t length = std::min(text.find_first_not_of("<>="), text.size());
  Bound bound{std::string(trimmed(name)), std::string(text.substr(0, length))};
  const auto comparisons = {">=", "<=", ">", "<", "="};
  const std::optional<double> limit = parse_number<double>(trimmed(text.substr(length)));
  if (std::ranges::find(comparisons, bound.comparison) == comparisons.end() || !limit ||
      bound.name.empty())
    throw UsageError(
        "a bound must be a name, one of {} and a number, as in test_accuracy>=.95; "
        "got '{}{}'",
        fmt::join(comparisons, " "), name, text);
  bound.limit = *limit;
  return bound;
}

std::vector<Bound> parse_bounds(const std::string& text) {
  std::vector<Bound> bounds;
  for (const std::string_view part : split(text, ',')) {
    const std::size_t at = std::min(part.find_first_of("<>="), part.size());
    bounds.push_back(parse_bound(std::string(part.substr(0, at)), part.substr(at)));
  }
  return bounds;
}

void require_known(const Bound& bound, bool has_test) {
  const std::string name = bound.name.substr(0, bound.name.find('.'));
  std::vector<std::string> names = report_names();
  const auto structures = {"classes", "confusion_matrix", "information_criteria"};
  const bool is_structure = std::ranges::find(structures, name) != structures.end();
  if (!is_structure && std::ranges::find(names, name) == names.end()) {
    names = nearest_first(name, names);
    std::stable_partition(names.begin(), names.end(),
                          [&](const std::string& other) { return other.starts_with(name); });
    throw UsageError("report.json has no number '{}'; similar names: {}", bound.name,
                     fmt::join(names.begin(), names.begin() + 5, ", "));
  }
  if (!has_test && (name.starts_with("test_") || (is_structure && name[0] == 'c')))
    throw UsageError("{} needs the test set, which --no-test leaves out", bound.name);
}

std::optional<double> number_at(const Json& report, const std::string& name) {
  const Json* json = &report;
  for (const std::string_view key : split(name, '.')) {
    const std::optional<int64_t> index = parse_number<int64_t>(key);
    if (json->is_object() && json->contains(key))
      json = &json->at(std::string(key));
    else if (json->is_array() && index && *index >= 0 &&
             *index < static_cast<int64_t>(json->size()))
      json = &json->at(static_cast<std::size_t>(*index));
    else
      return std::nullopt;
  }
  return json->is_number() ? std::optional(json->get<double>()) : std::nullopt;
}

std::string broken_bounds(const std::vector<Bound>& bounds, const Json& report) {
  std::string text;
  for (const Bound& bound : bounds) {
    const std::optional<double> value = number_at(report, bound.name);
    if (value && bound.holds(*value)) continue;
    text += fmt::format("{}expected {}{}{:.6g}, got {}", text.empty() ? "" : "; ", bound.name,
                        bound.comparison, bound.limit,
                        value ? fmt::format("{:.6g}", *value) : "no number");
  }
  return text;
}

}  // namespace gradus::app
