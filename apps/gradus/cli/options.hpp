// The options of a subcommand: each bound to a variable, read from the command line or from JSON.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/text/range.hpp"
#include "core/text/registry.hpp"

namespace gradus::app {

using Json = nlohmann::ordered_json;

/// Names with a line of explanation each, from a registry.
using Choices = std::vector<std::pair<std::string, std::string>>;
template <class Factory>
Choices choices(const Registry<Factory>& registry) {
  Choices result;
  for (const auto& entry : registry.entries()) result.emplace_back(entry.name, entry.help);
  return result;
}

/// The name of an option in JSON, "val_split" for val-split, and back.
std::string json_key(std::string name);
std::string option_name(std::string key);
/// A value as a user types it: a text without its quotes.
std::string text_of(const Json& value);

class Options {
 public:
  /// Optional variables stay empty unless given; the others hold their defaults.
  using Target = std::variant<std::string*, bool*, int64_t*, std::optional<int64_t>*, double*,
                              std::optional<double>*>;

  struct Option {
    std::string group, name, placeholder;
    Target target;
    std::string help;
    Range range;
    Choices choices;

    bool is_flag() const { return std::holds_alternative<bool*>(target); }
  };

  /// A command line as a user types it, and what it is for.
  struct Example {
    std::string line, purpose;
  };

  /// `synopsis` is what follows "usage: gradus ", `description` what the command does.
  Options(std::string synopsis, std::string description);

  /// The heading in the help of the options that are added from now on.
  void group(std::string heading) { group_ = std::move(heading); }

  /// An option `--name`; a bool is a flag. `placeholder` names its value in the help: of a DIR, RUN
  /// or FILE the shell completes the path. `range` checks numbers; `choices` appear in the help.
  void add(std::string name, std::string placeholder, Target target, std::string help,
           const Range& range = range::any, Choices choices = {});

  /// Ends the help.
  void example(std::string line, std::string purpose);
  /// What the command takes besides options is one of these.
  void add_operands(Choices operands) { operands_ = std::move(operands); }

  /// Whether there is an option of that name.
  bool has(const std::string& name) const;

  /// Reads `arguments`, without the program's and the command's name, into the variables. Returns
  /// what isn't an option. Throws UsageError.
  std::vector<std::string> parse(const std::vector<std::string>& arguments);
  /// Whether the option `name`, or --help, stood on the command line.
  bool given(const std::string& name) const;
  const std::vector<std::string>& given() const { return given_; }

  /// All of it, no line wider than 80 columns (options_help.cpp).
  std::string help() const;

  const std::string& synopsis() const { return synopsis_; }
  const std::vector<Option>& all() const { return options_; }
  const std::vector<Example>& examples() const { return examples_; }
  const Choices& operands() const { return operands_; }

  /// The options and their values; null for an optional that is empty.
  Json to_json() const;
  /// Sets what stands in `json`. Throws std::runtime_error for a value that doesn't fit.
  void from_json(const Json& json);

 private:
  static void set(const Option& option, const std::string& value);
  [[noreturn]] void unknown(const std::string& argument) const;

  std::string synopsis_, description_, group_;
  std::vector<Option> options_;
  std::vector<Example> examples_;
  Choices operands_;
  std::vector<std::string> given_;
};

}  // namespace gradus::app
