#include "core/text/spec.hpp"

#include <cctype>

#include "core/error.hpp"
#include "core/text/split.hpp"

namespace gradus {
namespace {

// Whether the character at `i` is the + in a number such as 1e+5.
bool is_in_number(std::string_view text, std::size_t i) {
  const auto digit = [&](std::size_t at) {
    return at < text.size() && std::isdigit(static_cast<unsigned char>(text[at]));
  };
  return text[i] == '+' && i >= 2 && (text[i - 1] == 'e' || text[i - 1] == 'E') && digit(i - 2) &&
         digit(i + 1);
}

// The texts before and after the character at `i`; the whole text and "" where `i` is the end.
std::pair<std::string_view, std::string_view> halves(std::string_view text, std::size_t i) {
  i = std::min(i, text.size());
  return {trimmed(text.substr(0, i)), trimmed(text.substr(std::min(i + 1, text.size())))};
}

// Parses `part`, which is a part of the text `whole`.
Spec parse_part(std::string_view whole, std::string_view part, const SpecSyntax& syntax) {
  const auto place = [&](std::string_view of) {
    return static_cast<std::size_t>(of.data() - whole.data()) + 1;
  };
  part = trimmed(part);
  Spec spec{.name = "", .text = std::string(part), .place = place(part)};
  if (const std::size_t at = part.rfind('@'); syntax.has_starts && at != part.npos) {
    spec.start = halves(part, at).second;
    part = halves(part, at).first;
  }
  const std::size_t colon = syntax.has_patterns ? part.rfind(':') : part.find(':');
  auto [name, arguments] = halves(part, colon);
  if (const std::size_t equals = name.find('='); syntax.has_targets && equals != name.npos) {
    spec.target = halves(name, equals).first;
    name = halves(name, equals).second;
  }
  require(!name.empty(), syntax.owner, "a name is missing at character {}", place(name));
  spec.name = name;
  if (colon == part.npos) return spec;
  for (const std::string_view separated : split(arguments, syntax.separators)) {
    const std::string_view argument = trimmed(separated);
    const std::size_t equals = argument.find('=');
    const auto [first, second] = halves(argument, equals);
    const bool is_named = equals != argument.npos;
    spec.arguments.push_back({std::string(is_named ? first : ""),
                              std::string(is_named ? second : argument), place(argument)});
  }
  const Spec::Argument& last = spec.arguments.back();
  require(!last.name.empty() || !last.value.empty(), syntax.owner,
          "an argument of {} is missing at character {}", spec.name, last.place);
  return spec;
}

}  // namespace

std::vector<Spec> parse_specs(std::string_view text, const SpecSyntax& syntax) {
  std::vector<Spec> specs;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const std::string_view part = text.substr(begin, i - begin), rest = text.substr(i);
    const bool is_joint = !rest.empty() && syntax.joints.find(rest[0]) != rest.npos &&
                          !is_in_number(text, i) && (!syntax.ends || syntax.ends(part, rest));
    if (!is_joint && !rest.empty()) continue;
    specs.push_back(parse_part(text, part, syntax));
    begin = i + 1;
  }
  return specs;
}

Spec parse_spec(std::string_view text, SpecSyntax syntax) {
  syntax.joints = "";
  return parse_specs(text, syntax).front();
}

}  // namespace gradus
