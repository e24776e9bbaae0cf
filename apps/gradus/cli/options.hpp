// The options of a subcommand: each bound to a variable, read from the command line or from JSON.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/text/number.hpp"
#include "core/text/registry.hpp"

namespace gradus::app {

using Json = nlohmann::ordered_json;

/// What a number must be; `text` completes "--lr is …".
struct Rule {
  const char* text;
  bool (*holds)(double value);
};
inline constexpr Rule positive{"a positive number", [](double x) { return x > 0; }};
inline constexpr Rule not_negative{"a number, 0 or more", [](double x) { return x >= 0; }};
inline constexpr Rule fraction{"a number from 0 to below 1",
                               [](double x) { return x >= 0 && x < 1; }};
inline constexpr Rule zero_to_one{"a number from 0 to 1",
                                  [](double x) { return x >= 0 && x <= 1; }};
inline constexpr Rule count{"a whole number from 1 to 10^9",
                            [](double x) { return x >= 1 && x <= largest_count; }};
inline constexpr Rule at_least_two{"a whole number from 2 to 10^9",
                                   [](double x) { return x >= 2 && x <= largest_count; }};
inline constexpr Rule count_or_zero{"a whole number, 0 or more", [](double x) { return x >= 0; }};
inline constexpr Rule thread_count{"a whole number from 1 to 1024",
                                   [](double x) { return x >= 1 && x <= 1024; }};

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
    Rule rule;
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
  /// or FILE the shell completes the path. A rule checks numbers; `choices` appear in the help.
  void add(std::string name, std::string placeholder, Target target, std::string help,
           Rule rule = {"a number", [](double) { return true; }}, Choices choices = {});

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
