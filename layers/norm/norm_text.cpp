#include "layers/norm/norm_text.hpp"

#include "core/number.hpp"
#include "layers/norm/normalization.hpp"
#include "layers/norm/weight_normalization.hpp"

namespace gradus::layers {
namespace {

template <class Factory>
bool contains(const Registry<Factory>& table, const std::string& name) {
  return std::any_of(table.entries().begin(), table.entries().end(),
                     [&](const auto& entry) { return entry.name == name; });
}

[[noreturn]] void unknown(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& entry : normalizations().entries()) names.push_back(entry.name);
  for (const auto& entry : weight_normalizations().entries()) names.push_back(entry.name);
  std::string list;
  for (const std::string& known : nearest_first(name, std::move(names)))
    list += (list.empty() ? "" : ", ") + known;
  throw std::invalid_argument(fmt::format("unknown normalization '{}': one of {}", name, list));
}

}  // namespace

NamedScheme::NamedScheme(std::string_view text)
    : name(text.substr(0, text.find(':'))),
      argument(text.substr(std::min(name.size() + 1, text.size()))) {
  std::replace(name.begin(), name.end(), '_', '-');
}

NormText::NormText(std::string_view text) {
  std::string activation_part, weight_part;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('+', begin), text.size());
    const std::string part(text.substr(begin, end - begin));
    begin = end + 1;
    const std::string name = NamedScheme(part).name;
    const bool of_activations = contains(normalizations(), name);
    if (!of_activations && !contains(weight_normalizations(), name)) unknown(name);
    require(name != "none" || part.size() == text.size(), "normalization",
            "none stands alone, got '{}'", text);
    std::string& place = of_activations ? activation_part : weight_part;
    require(place.empty(), "normalization", "{} and {} are both of {}, which takes one: '{}'",
            place, part, of_activations ? "activations" : "weights", text);
    place = part;
  }
  if (!activation_part.empty()) activations = activation_part;
  weights = weight_part;
}

void require_no_argument(const char* scheme, std::string_view argument) {
  require(argument.empty(), "normalization", "{} takes no argument, got '{}:{}'", scheme, scheme,
          argument);
}

int64_t count_argument(const char* scheme, const char* what, std::string_view argument,
                       int64_t standard) {
  if (argument.empty()) return standard;
  const std::optional<int64_t> count = parse_number<int64_t>(argument);
  require(count && *count >= 1, "normalization",
          "{} takes a number of {} from 1 on, as in {}:{}, got '{}:{}'", scheme, what, scheme,
          standard, scheme, argument);
  return *count;
}

}  // namespace gradus::layers
