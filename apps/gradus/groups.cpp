#include "apps/gradus/groups.hpp"

#include <optional>
#include <string_view>

#include "apps/gradus/errors.hpp"
#include "core/error.hpp"
#include "core/number.hpp"

namespace gradus::app {
namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(separator, start), text.size());
    parts.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

[[noreturn]] void fail_at(const std::string& text) {
  throw UsageError(fmt::format(
      "--group is PATTERN:OPTION=NUMBER,… with lr, lr-factor or weight-decay; got '{}'", text));
}

void set(optim::Group& group, const std::string& text) {
  const std::size_t equals = std::min(text.find('='), text.size());
  const std::string name = text.substr(0, equals);
  std::optional<double>* const place = name == "lr"             ? &group.lr
                                       : name == "lr-factor"    ? &group.lr_factor
                                       : name == "weight-decay" ? &group.weight_decay
                                                                : nullptr;
  const std::string_view behind = std::string_view(text).substr(std::min(equals + 1, text.size()));
  const std::optional<double> value = parse_number<double>(behind);
  if (!place || !value) fail_at(text);
  *place = value;
}

}  // namespace

std::vector<optim::Group> parse_groups(const std::string& text) {
  std::vector<optim::Group> groups;
  if (text.empty()) return groups;
  for (const std::string& part : split(text, ';')) {
    const std::size_t colon = part.rfind(':');
    if (colon == 0 || colon == std::string::npos) fail_at(part);
    optim::Group& group = groups.emplace_back(optim::Group{.pattern = part.substr(0, colon)});
    for (const std::string& option : split(part.substr(colon + 1), ',')) set(group, option);
  }
  return groups;
}

}  // namespace gradus::app
