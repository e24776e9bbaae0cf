// Spec: a name with arguments, parsed from "elastic:34,4" or "cosine:min-lr=1e-5@50%".
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gradus {

/// NAME[:ARGUMENT,…], where an argument is VALUE or OPTION=VALUE. Places count the characters of
/// the whole text from 1. Blanks around the parts are removed.
struct Spec {
  /// The text between two separators.
  struct Argument {
    std::string name;   ///< the part before "="; empty without "="
    std::string value;  ///< the rest
    std::size_t place;  ///< of its first character
  };

  std::string name;                        ///< as it was typed
  std::vector<Argument> arguments = {};    ///< in their order
  std::optional<std::string> target = {};  ///< "conv" of "conv=he-normal", see SpecSyntax
  std::optional<std::string> start = {};   ///< "50%" of "cosine@50%", see SpecSyntax
  std::string text = {};                   ///< the whole spec
  std::size_t place = 1;                   ///< of the first character
};

/// The syntax of one kind of specs.
struct SpecSyntax {
  std::string_view owner = "spec";    ///< in errors: "[augment] a name is missing at character 1"
  std::string_view joints = "+";      ///< the characters that separate specs
  std::string_view separators = ",";  ///< the characters that separate arguments
  bool has_targets = false;           ///< TARGET= may precede a name
  bool has_starts = false;            ///< `@START` may end a spec
  bool has_patterns = false;          ///< names are patterns, which may contain colons
  /// Whether the joint at the beginning of `rest` ends the spec `before` (default: always).
  std::function<bool(std::string_view before, std::string_view rest)> ends = {};
};

/// The specs of a text, joined by "+": "group:8 + weight-std". The + of a number such as 1e+5 is
/// not a joint. Throws std::invalid_argument, with the place, for a missing name or last argument.
std::vector<Spec> parse_specs(std::string_view text, const SpecSyntax& syntax = {});

/// All of `text` as one spec. Throws std::invalid_argument like parse_specs().
Spec parse_spec(std::string_view text, SpecSyntax syntax = {});

}  // namespace gradus
