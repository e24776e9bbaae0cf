#include "apps/gradus/run/parameter_groups.hpp"

#include <optional>
#include <string_view>

#include "apps/gradus/cli/errors.hpp"
#include "core/error.hpp"
#include "core/text/number.hpp"
#include "core/text/split.hpp"

namespace gradus::app {
namespace {

[[noreturn]] void fail_at(std::string_view text) {
  throw UsageError(fmt::format(
      "--group is PATTERN:OPTION=NUMBER,… with lr, lr-factor or weight-decay; got '{}'", text));
}

void set(optim::Group& group, std::string_view text) {
  const std::size_t equals = std::min(text.find('='), text.size());
  const std::string_view name = text.substr(0, equals);
  std::optional<double>* const place = name == "lr"             ? &group.lr
                                       : name == "lr-factor"    ? &group.lr_factor
                                       : name == "weight-decay" ? &group.weight_decay
                                                                : nullptr;
  const std::string_view behind = text.substr(std::min(equals + 1, text.size()));
  const std::optional<double> value = parse_number<double>(behind);
  if (!place || !value) fail_at(text);
  *place = value;
}

}  // namespace

std::vector<optim::Group> parse_groups(const std::string& text) {
  std::vector<optim::Group> groups;
  if (text.empty()) return groups;
  for (const std::string_view part : split(text, ';')) {
    const std::size_t colon = part.rfind(':');
    if (colon == 0 || colon == part.npos) fail_at(part);
    optim::Group& group =
        groups.emplace_back(optim::Group{.pattern = std::string(part.substr(0, colon))});
    for (const std::string_view option : split(part.substr(colon + 1), ',')) set(group, option);
  }
  return groups;
}

}  // namespace gradus::app
