// Spec: a name with arguments as users type it: "elastic:34,4", "cosine:min-lr=1e-5@50%".
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gradus {

/// NAME[:ARGUMENT,…], where an argument is VALUE or OPTION=VALUE. Places are those of characters in
/// the whole text, the first being 1; blanks around all parts are left out.
struct Spec {
  /// What stands between separators.
  struct Argument {
    std::string name;   ///< before "="; empty where there is none
    std::string value;  ///< the rest
    std::size_t place;  ///< of its first character
  };

  std::string name;                        ///< as it was typed
  std::vector<Argument> arguments = {};    ///< in their order
  std::optional<std::string> target = {};  ///< "conv" of "conv=he-normal", see SpecSyntax
  std::optional<std::string> start = {};   ///< "50%" of "cosine@50%", see SpecSyntax
  std::string text = {};                   ///< all of it
  std::size_t place = 1;                   ///< of the first character
};

/// What a kind of texts has of its own.
struct SpecSyntax {
  std::string_view owner = "spec";    ///< in errors: "[augment] a name is missing at character 1"
  std::string_view joints = "+";      ///< what stands between specs
  std::string_view separators = ",";  ///< what stands between arguments
  bool has_targets = false;           ///< whether TARGET= may stand before a name
  bool has_starts = false;            ///< whether `@START` may end a spec
  bool has_patterns = false;          ///< whether names are patterns, which may contain colons
  /// Whether a joint, with which `rest` begins, ends the spec `before`; by default it does.
  std::function<bool(std::string_view before, std::string_view rest)> ends = {};
};

/// The specs of a text, joined by "+": "group:8 + weight-std". The + of a number such as 1e+5 joins
/// nothing. Throws std::invalid_argument, with the place, for a name or a last argument that is
/// missing.
std::vector<Spec> parse_specs(std::string_view text, const SpecSyntax& syntax = {});

/// All of `text` as one spec. Throws std::invalid_argument as parse_specs() does.
Spec parse_spec(std::string_view text, SpecSyntax syntax = {});

}  // namespace gradus
