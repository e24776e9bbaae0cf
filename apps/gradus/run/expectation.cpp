#include "apps/gradus/run/expectation.hpp"

#include "train/scores.hpp"

namespace gradus::app {

// The numbers in report.json, but those of each class.
static std::vector<std::string> report_names() {
  std::vector<std::string> names{"train_seconds", "epochs",  "best_epoch", "parameters",
                                 "seed",          "threads", "test_loss"};
  for (const std::string& name : train::score_names()) names.push_back("test_" + name);
  return names;
}

std::vector<Bound> parse_bounds(std::string_view text, std::string_view owner) {
  std::vector<Bound> bounds = parse_conditions(text, owner);
  for (const Bound& bound : bounds)
    if (!bound.number)
      throw UsageError("{} must be conditions on numbers, such as test_accuracy>=.95; got '{}{}{}'",
                       owner, bound.name, bound.comparison, bound.value);
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
                        bound.comparison, *bound.number,
                        value ? fmt::format("{:.6g}", *value) : "no number");
  }
  return text;
}

}  // namespace gradus::app
