#include "optim/schedules/schedule_text.hpp"

#include <cmath>

#include "core/text/option_table.hpp"
#include "core/text/spec.hpp"
#include "optim/rate_checks.hpp"
#include "optim/schedules/schedule_table.hpp"

namespace gradus::optim {
namespace {

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

SchedulePart read(Spec spec) {
  spec.name = schedules().entry(spec.name).name;
  std::vector<OptionInfo> options = schedules().find(spec.name).options;
  options.push_back({"lr", "the largest rate", 0., range::positive});
  SchedulePart part{.name = spec.name, .values = values_of(spec, options)};
  if (const auto lr = part.values.extract("lr")) part.lr = std::get<double>(lr.mapped());
  if (spec.start) part.start = parse_start(*spec.start);
  return part;
}

// Those of `values` that a part has, and doesn't say itself.
void add_values(std::vector<SchedulePart>& parts, const OptionValues& values) {
  std::string names;
  for (const SchedulePart& part : parts) names += (names.empty() ? "" : " + ") + part.name;
  for (const auto& [name, value] : values) {
    bool known = false;
    for (SchedulePart& part : parts) {
      if (!find_option(schedules().find(part.name).options, name)) continue;
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
  for (const Spec& spec :
       parse_specs(text, {.owner = "schedule", .separators = ",/", .has_starts = true})) {
    parts.push_back(read(spec));
    require(spec.start || parts.size() == 1, "schedule",
            "'{}' needs the step it starts at, or the part of all steps, as in '{}@50%'", spec.text,
            spec.text);
  }
  return parts;
}

Schedule make_schedule(std::string_view text, double base_lr, int64_t total_steps,
                       const OptionValues& values, int64_t warmup_steps) {
  return make_schedule(parse_schedule(text), base_lr, total_steps, values, warmup_steps);
}

Schedule make_schedule(std::vector<SchedulePart> parts, double base_lr, int64_t total_steps,
                       const OptionValues& values, int64_t warmup_steps) {
  detail::check_total("schedule", total_steps);
  detail::check_warmup(warmup_steps, total_steps);
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
