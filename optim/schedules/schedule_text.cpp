#include "optim/schedules/schedule_text.hpp"

#include <algorithm>
#include <cmath>

#include "core/text/number.hpp"
#include "core/text/split.hpp"
#include "optim/rate_checks.hpp"
#include "optim/schedules/schedule_table.hpp"

namespace gradus::optim {
namespace {

std::string replaced(std::string_view text, char old, char with) {
  std::string result(text);
  std::replace(result.begin(), result.end(), old, with);
  return result;
}

const OptionInfo* find_option(const std::string& schedule, std::string_view name) {
  const std::vector<OptionInfo>& options = schedules().find(schedule).options;
  const auto found = std::find_if(options.begin(), options.end(),
                                  [&](const OptionInfo& info) { return info.name == name; });
  return found == options.end() ? nullptr : &*found;
}

double parse_value(const std::string& schedule, std::string_view option, const Range& range,
                   std::string_view text) {
  const std::optional<double> value = parse_number<double>(text);
  require(value.has_value(), schedule, "{} must be {}, got '{}'", option, range.text(), text);
  range.check(schedule, option, *value);
  return *value;
}

// "min-lr=1e-4"
void add_option(SchedulePart& part, std::string_view text) {
  const std::size_t equals = std::min(text.find('='), text.size());
  const std::string name = replaced(text.substr(0, equals), '-', '_');
  const std::string_view value = text.substr(std::min(equals + 1, text.size()));
  if (name == "lr") {
    require(!part.lr, part.name, "lr is given twice");
    part.lr = parse_value(part.name, name, range::positive, value);
    return;
  }
  const OptionInfo* const option = find_option(part.name, name);
  require(option != nullptr, part.name, "has no option {}", name.empty() ? "''" : name);
  OptionValue given{std::string(value)};
  if (std::holds_alternative<double>(option->standard))
    given = parse_value(part.name, name, option->range, value);
  else if (std::holds_alternative<bool>(option->standard) && equals == text.size())
    given = true;
  else if (value == "true" || value == "false")
    given = value == "true";
  require(part.values.emplace(name, given).second, part.name, "{} is given twice", name);
}

// "2000", "50%" or "0.5"
std::variant<int64_t, double> parse_start(std::string_view text) {
  if (const auto step = parse_number<int64_t>(text); step && *step >= 0) return *step;
  const bool percent = text.ends_with('%');
  const auto number = parse_number<double>(text.substr(0, text.size() - (percent ? 1 : 0)));
  const double part = number.value_or(-1) / (percent ? 100 : 1);
  require(range::fraction.holds(part), "schedule",
          "a start is a step, or a part of all steps from 0 to below 1 as in 50% or 0.5, got '{}'",
          text);
  return part;
}

// "cosine:min-lr=1e-4@50%"
SchedulePart parse_part(std::string_view text, bool is_first) {
  const std::size_t at = std::min(text.rfind('@'), text.size());
  const std::string_view schedule = text.substr(0, at);
  const std::size_t colon = std::min(schedule.find(':'), schedule.size());
  require(colon > 0, "schedule", "a name is missing in '{}'", text);
  SchedulePart part{.name = schedules().entry(trimmed(schedule.substr(0, colon))).name};
  if (colon < schedule.size())
    for (const std::string_view option : split(schedule.substr(colon + 1), '/'))
      add_option(part, trimmed(option));
  require(is_first || at < text.size(), "schedule",
          "'{}' needs the step it starts at, or the part of all steps, as in '{}@50%'", text, text);
  if (at < text.size()) part.start = parse_start(trimmed(text.substr(at + 1)));
  return part;
}

// Those of `values` that a part has, and doesn't say itself.
void add_values(std::vector<SchedulePart>& parts, const OptionValues& values) {
  std::string names;
  for (const SchedulePart& part : parts) names += (names.empty() ? "" : " + ") + part.name;
  for (const auto& [name, value] : values) {
    bool known = false;
    for (SchedulePart& part : parts) {
      if (!find_option(part.name, name)) continue;
      part.values.emplace(name, value);
      known = true;
    }
    require(known, names, "has no option {}", name);
  }
}

int64_t step_of(const std::variant<int64_t, double>& start, int64_t steps) {
  if (const auto* step = std::get_if<int64_t>(&start)) return *step;
  return std::llround(std::get<double>(start) * static_cast<double>(steps));
}

}  // namespace

std::vector<SchedulePart> parse_schedule(std::string_view text) {
  std::vector<SchedulePart> parts;
  for (const std::string_view part : split(text, '+'))
    parts.push_back(parse_part(trimmed(part), parts.empty()));
  return parts;
}

Schedule make_schedule(std::string_view text, double base_lr, int64_t total_steps,
                       const OptionValues& values, int64_t warmup_steps) {
  detail::check_total("schedule", total_steps);
  detail::check_warmup(warmup_steps, total_steps);
  std::vector<SchedulePart> parts = parse_schedule(text);
  add_values(parts, values);
  const int64_t steps = total_steps - warmup_steps;
  std::vector<int64_t> starts;
  for (const SchedulePart& part : parts) starts.push_back(step_of(part.start, steps));
  detail::check_starts("schedule", starts);
  require(starts.back() < steps, "schedule", "starts are below the {} steps, got {}", steps,
          starts.back());
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const int64_t end = i + 1 < parts.size() ? starts[i + 1] : steps;
    pieces.push_back(
        {starts[i], schedules().find(parts[i].name)(parts[i].lr.value_or(base_lr), end - starts[i],
                                                    parts[i].values)});
  }
  const Schedule inner = pieces.size() == 1 ? pieces[0].schedule : chain(std::move(pieces));
  return warmup_steps == 0 ? inner : warmup(warmup_steps, inner);
}

}  // namespace gradus::optim
