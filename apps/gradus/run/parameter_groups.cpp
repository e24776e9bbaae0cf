#include "apps/gradus/run/parameter_groups.hpp"

#include <limits>

#include "apps/gradus/cli/errors.hpp"
#include "core/text/option_table.hpp"

namespace gradus::app {
namespace {

std::vector<optim::Group> parse(const std::string& text) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const std::vector<OptionInfo> options{{"lr", "", none, range::not_negative},
                                        {"lr_factor", "", none, range::not_negative},
                                        {"weight_decay", "", none, range::not_negative}};
  std::vector<optim::Group> groups;
  for (Spec spec : parse_specs(text, {.owner = "group", .joints = "+;", .has_patterns = true})) {
    const std::string pattern = spec.name;
    spec.name = "group " + pattern;  // for errors
    const OptionValues values = values_of(spec, options);
    require(!values.empty(), spec.name, "needs lr, lr-factor or weight-decay, as in '{}:lr=0.1'",
            pattern);
    const auto value = [&](const char* name) -> std::optional<double> {
      const auto given = values.find(name);
      if (given == values.end()) return std::nullopt;
      return std::get<double>(given->second);
    };
    groups.push_back({.pattern = pattern,
                      .lr = value("lr"),
                      .weight_decay = value("weight_decay"),
                      .lr_factor = value("lr_factor")});
  }
  return groups;
}

}  // namespace

std::vector<optim::Group> parse_groups(const std::string& text) {
  if (text.empty()) return {};
  return as_usage([&] { return parse(text); });
}

}  // namespace gradus::app
