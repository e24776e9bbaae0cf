// Options: the options of a command. Each has a variable, valid values, and options that it needs
// or excludes; the command line (parse.hpp), JSON, --help (help.hpp) and completion use them.
// UsageError: a wrong command line; printed on stderr, exit code 2.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/text/option_table.hpp"
#include "core/text/registry.hpp"

namespace gradus::app {

using Json = nlohmann::ordered_json;
using Arguments = std::vector<std::string>;
using Texts = std::vector<std::string>;

/// A wrong command line; exit code 2. Other exceptions give exit code 1.
struct UsageError : std::runtime_error {
  /// The text becomes a printable() line.
  explicit UsageError(std::string_view text)
      : std::runtime_error(printable(text, longest_message)) {}
  template <class First, class... Rest>
  UsageError(fmt::format_string<First, Rest...> format, First&& first, Rest&&... rest)
      : UsageError(fmt::format(format, std::forward<First>(first), std::forward<Rest>(rest)...)) {}
};

/// Returns `body()`, and throws its std::invalid_argument, the library's exception for wrong values
/// and names, as UsageError.
template <class Body>
decltype(auto) as_usage(Body&& body) {
  try {
    return body();
  } catch (const std::invalid_argument& error) {
    throw UsageError(error.what());
  }
}

/// A valid name, a line of explanation, and other names for it.
struct Choice {
  std::string name, help;
  Texts aliases = {};
};
using Choices = std::vector<Choice>;

/// The names of a registry.
template <class Factory>
Choices choices(const Registry<Factory>& registry) {
  Choices result;
  for (const auto& entry : registry.entries())
    result.push_back({entry.name, entry.help, registry.aliases_of(entry)});
  return result;
}

/// The name of an option in JSON, "val_split" for val-split, and the reverse.
std::string json_key(std::string_view name);
std::string option_name(std::string_view key);
/// Terms as users type them: "--l1 or --loss focal".
std::string shown(const Texts& terms, const char* between = " or ");
/// A value as users type it: a text without quotes.
std::string text_of(const Json& value);
/// A value on several lines in ASCII, with U+FFFD for what is no UTF-8.
std::string json_text(const Json& value);
/// Prints json_text().
void print_as_json(const Json& value);

/// The rules of an option. A term is an option that must be set ("l1"), or have a value
/// ("loss=focal").
struct OptionRules {
  Range range = range::finite;  ///< valid numbers
  Choices choices = {};         ///< known texts; other spellings are replaced by the table's
  Texts aliases = {};           ///< other names on the command line
  Texts needs = {};             ///< an error if none of these terms holds, or may hold later
  Texts excludes = {};          ///< an error if one of these terms holds
  /// If not empty, the only options that may be combined with this one, and the reason.
  Texts only_with = {};
  std::string reason = {};
  /// Returns values of other options, which the command line overrides.
  std::function<Json(const std::string& value)> loads = {};
};

/// An option with its variable.
struct Option : OptionRules {
  /// An optional variable is empty unless the option is given; others contain their default.
  using Target = std::variant<std::string*, bool*, int64_t*, std::optional<int64_t>*, double*,
                              std::optional<double>*>;

  std::string heading, name, placeholder, help;
  Target target;

  bool is_flag() const { return std::holds_alternative<bool*>(target); }
  /// The variable's value; null for an empty optional.
  Json value() const;
  /// Whether the value isn't empty, "", false or 0.
  bool is_set() const;
  /// Parses `text` and assigns it to the variable. Throws UsageError.
  void set(const std::string& text) const;
};

/// The options, operands and help of a command.
class Options {
 public:
  /// The heading of a group of options in the help, and a line about them.
  struct Group {
    std::string heading, summary;
  };
  /// A command line as users type it, and its purpose.
  struct Example {
    std::string line, purpose;
  };
  /// The arguments of a command besides options: their number, also in words ("one run folder"),
  /// and known names.
  struct Operands {
    std::size_t least = 0, most = 0;
    std::string text;
    Choices choices = {};
  };
  static constexpr std::size_t any_number = std::string::npos;

  /// `synopsis` is the text after "usage: gradus ", `description` says what the command does.
  explicit Options(std::string synopsis = "", std::string description = "");

  /// Starts a group: the heading in the help of the options that are added next.
  void group(const std::string& heading, const std::string& summary = "");
  /// Adds an option: add("lr RATE", &lr, "learning rate", {.range = range::positive}). The first
  /// word is its name, the rest the placeholder of its value; shells complete the values of DIR,
  /// RUN, PATH and FILE. A bool is a flag without a value.
  void add(std::string_view words, Option::Target target, std::string help, OptionRules rules = {});
  /// check() ignores the rules of options that are added after this call.
  void leave_rules() { checked_ = options_.size(); }
  /// The error message for option names that other programs have and this one doesn't.
  void answer(const Texts& names, const std::string& text);
  /// Sets the operands; without this call the command accepts none.
  void takes(Operands operands) { operands_ = std::move(operands); }
  /// Adds an example to the end of the help.
  void example(std::string line, std::string purpose);

  /// The option with that name or alias ("_" and "-" are the same); null if there is none.
  const Option* find(std::string_view name) const;
  /// The option with that name, to change its rules.
  Option& operator[](std::string_view name) { return const_cast<Option&>(*find(name)); }

  /// The command's name.
  std::string command() const { return synopsis_.substr(0, synopsis_.find(' ')); }
  const std::string& synopsis() const { return synopsis_; }
  const std::string& description() const { return description_; }
  const std::vector<Option>& all() const { return options_; }
  const std::vector<Group>& groups() const { return groups_; }
  const std::vector<Example>& examples() const { return examples_; }
  const Operands& operands() const { return operands_; }
  const std::map<std::string, std::string>& answers() const { return answers_; }

  /// The values of all options.
  Json to_json() const;
  /// Sets the options in `json`. Throws std::runtime_error for an invalid value.
  void from_json(const Json& json);
  /// Throws UsageError for an option that is set together with one that it excludes, or without one
  /// that it needs.
  void check() const;

 private:
  bool holds(const std::string& term) const;
  /// Whether the option of "loss=focal" is empty or "auto", so that its value isn't known yet.
  bool is_open(const std::string& term) const;

  std::string synopsis_, description_, heading_;
  std::vector<Group> groups_;
  std::vector<Option> options_;
  std::size_t checked_ = std::string::npos;
  std::vector<Example> examples_;
  Operands operands_;
  std::map<std::string, std::string> answers_;
};

// The options of a table of named algorithms.

/// The value of an algorithm's option; false or empty unless it is given.
using AlgorithmFlag = std::variant<bool, std::optional<double>, std::string>;
/// By the names of the options. A flag that is on by default is called "no_" and its name.
using AlgorithmFlags = std::map<std::string, AlgorithmFlag>;

/// Adds an option for each of `infos` that `options` doesn't contain; its variable is in `flags`.
void add_algorithm_flags(Options& options, AlgorithmFlags& flags,
                         const std::vector<OptionInfo>& infos);

/// The values of the given options.
OptionValues values(const AlgorithmFlags& flags);

/// "beta1 0.9, beta2 0.999, amsgrad": the options of `infos` with their defaults, as in usage().
std::string list(std::vector<OptionInfo> infos);

/// The names of a table of algorithms, each with its options.
template <class Factory>
Choices choices_with_options(const Registry<Factory>& registry) {
  Choices result = choices(registry);
  for (Choice& choice : result)
    if (const auto& options = registry.find(choice.name).options; !options.empty())
      choice.help += ": " + list(options);
  return result;
}

}  // namespace gradus::app
