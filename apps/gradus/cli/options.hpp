// Options: what a command can be told. Each option names its variable, what it must be, needs and
// excludes; the command line (parse.hpp), JSON, --help (help.hpp) and completion read that.
// UsageError: what they refuse.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/text/option_table.hpp"
#include "core/text/registry.hpp"

namespace gradus::app {

using Json = nlohmann::ordered_json;
using Arguments = std::vector<std::string>;
using Texts = std::vector<std::string>;

/// A command line that can't be carried out; exit code 2. Everything else that is thrown is 1.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The result of `body()`, whose std::invalid_argument — the library's word for a wrong value or
/// name — is the command line's fault.
template <class Body>
decltype(auto) as_usage(Body&& body) {
  try {
    return body();
  } catch (const std::invalid_argument& error) {
    throw UsageError(error.what());
  }
}

/// A name that a value can be, a line of explanation, and what else it is called.
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

/// The name of an option in JSON, "val_split" for val-split, and back.
std::string json_key(std::string_view name);
std::string option_name(std::string_view key);
/// Terms as a user types them: "--l1 or --loss focal".
std::string shown(const Texts& terms, const char* between = " or ");
/// A value as a user types it: a text without its quotes.
std::string text_of(const Json& value);

/// What an option must be, needs and excludes. A term is an option that is set, or has a value:
/// "l1", "loss=focal".
struct OptionRules {
  Range range = range::finite;  ///< of a number
  Choices choices = {};         ///< what a text can be; it gets the table's spelling
  Texts aliases = {};           ///< what else it is called on the command line
  Texts needs = {};             ///< it is an error where none of these terms holds
  Texts excludes = {};          ///< it is an error where one of these terms holds
  /// Where there are any, the only options that the command line may have beside it; and why.
  Texts only_with = {};
  std::string reason = {};
  /// Sets further options from the value, under what the command line says.
  std::function<Json(const std::string& value)> loads = {};
};

/// An option and its variable.
struct Option : OptionRules {
  /// Optional variables stay empty unless given; the others hold their defaults.
  using Target = std::variant<std::string*, bool*, int64_t*, std::optional<int64_t>*, double*,
                              std::optional<double>*>;

  std::string heading, name, placeholder, help;
  Target target;

  bool is_flag() const { return std::holds_alternative<bool*>(target); }
  /// The variable's value; null for an optional that is empty.
  Json value() const;
  /// Whether the value is another than "not given": empty, "", false or 0.
  bool is_set() const;
  /// Reads the value from a text. Throws UsageError.
  void set(const std::string& text) const;
};

/// All that a command can be told.
class Options {
 public:
  /// Options under one heading in the help, and a line about them.
  struct Group {
    std::string heading, summary;
  };
  /// A command line as a user types it, and what it is for.
  struct Example {
    std::string line, purpose;
  };
  /// What a command takes besides options: how many, in words ("one run folder"), and the names
  /// that it can be, if any.
  struct Operands {
    std::size_t least = 0, most = 0;
    std::string text;
    Choices choices = {};
  };
  static constexpr std::size_t any_number = std::string::npos;

  /// `synopsis` is what follows "usage: gradus ", `description` what the command does.
  explicit Options(std::string synopsis = "", std::string description = "");

  /// The heading in the help of the options that are added from now on.
  void group(const std::string& heading, const std::string& summary = "");
  /// Adds an option: add("lr RATE", &lr, "learning rate", {.range = range::positive}). The first
  /// word is its name, the rest what the help calls the value; of a DIR, RUN, PATH or FILE the
  /// shell completes it. A bool is a flag, without a value.
  void add(std::string_view words, Option::Target target, std::string help, OptionRules rules = {});
  /// From now on the options' rules aren't for check(): they hold for each of the values tried.
  void leave_rules() { checked_ = options_.size(); }
  /// What is said to options that other programs have and this one doesn't.
  void answer(const Texts& names, const std::string& text);
  /// By default the command takes none.
  void takes(Operands operands) { operands_ = std::move(operands); }
  /// Ends the help.
  void example(std::string line, std::string purpose);

  /// The option of that name or alias, in which "_" is as good as "-"; null for none.
  const Option* find(std::string_view name) const;
  /// The option of that name, to say more about it.
  Option& operator[](std::string_view name);

  /// The command's name.
  std::string command() const { return synopsis_.substr(0, synopsis_.find(' ')); }
  const std::string& synopsis() const { return synopsis_; }
  const std::string& description() const { return description_; }
  const std::vector<Option>& all() const { return options_; }
  const std::vector<Group>& groups() const { return groups_; }
  const std::vector<Example>& examples() const { return examples_; }
  const Operands& operands() const { return operands_; }
  const std::map<std::string, std::string>& answers() const { return answers_; }

  /// The options and their values.
  Json to_json() const;
  /// Sets what stands in `json`. Throws std::runtime_error for a value that doesn't fit.
  void from_json(const Json& json);
  /// Throws UsageError for an option that is set beside one that it excludes, or without one that
  /// it needs, wherever the values come from.
  void check() const;

 private:
  bool holds(const std::string& term) const;

  std::string synopsis_, description_, heading_;
  std::vector<Group> groups_;
  std::vector<Option> options_;
  std::size_t checked_ = std::string::npos;
  std::vector<Example> examples_;
  Operands operands_;
  std::map<std::string, std::string> answers_;
};

// The options that a table of named algorithms brings along.

/// The place of a flag's value. A flag without value is false, and the others are empty, unless
/// given.
using AlgorithmFlag = std::variant<bool, std::optional<double>, std::string>;
/// By the names of options; what is on by default is turned off by "no_" and its name.
using AlgorithmFlags = std::map<std::string, AlgorithmFlag>;

/// Adds a flag for each of `infos` that `options` don't have yet; its place is made in `flags`.
void add_algorithm_flags(Options& options, AlgorithmFlags& flags,
                         const std::vector<OptionInfo>& infos);

/// What was given.
OptionValues values(const AlgorithmFlags& flags);

/// "beta1 0.9, beta2 0.999, amsgrad": the flags of `infos`, as usage() has them.
std::string list(std::vector<OptionInfo> infos);

/// The names of a table of algorithms, each with what it can be told.
template <class Factory>
Choices choices_with_options(const Registry<Factory>& registry) {
  Choices result = choices(registry);
  for (Choice& choice : result)
    if (const auto& options = registry.find(choice.name).options; !options.empty())
      choice.help += ": " + list(options);
  return result;
}

}  // namespace gradus::app
