#include "apps/gradus/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cxxopts.hpp>

#include "apps/gradus/errors.hpp"
#include "core/number.hpp"

namespace gradus::app {
namespace {

constexpr std::size_t help_column = 26, help_width = 100;

template <class T>
struct Unwrapped {
  using type = T;
};
template <class T>
struct Unwrapped<std::optional<T>> {
  using type = T;
};

// `text` from column `indent` on, wrapped after words.
std::string wrapped(const std::string& text, std::size_t indent) {
  std::string result;
  std::size_t column = indent;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find(' ', start), text.size());
    const std::string word = text.substr(start, end - start);
    if (column > indent && column + 1 + word.size() > help_width) {
      result += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      result += ' ';
      ++column;
    }
    result += word;
    column += word.size();
    start = end + 1;
  }
  return result + '\n';
}

// "  left      text", the text in the column of all help.
std::string help_line(const std::string& left, const std::string& text) {
  const bool fits = left.size() + 2 <= help_column;
  return left +
         (fits ? std::string(help_column - left.size(), ' ')
               : '\n' + std::string(help_column, ' ')) +
         wrapped(text, help_column);
}

std::string json_key(std::string name) {
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

std::string default_text(const Options::Target& target) {
  const auto text = [](const auto* value) -> std::string {
    using T = std::remove_cvref_t<decltype(*value)>;
    if constexpr (std::is_same_v<T, std::string>)
      return *value;
    else if constexpr (std::is_same_v<T, int64_t> || std::is_same_v<T, double>)
      return fmt::to_string(*value);
    else
      return "";
  };
  return std::visit(text, target);
}

}  // namespace

Options::Options(std::string synopsis, std::string description)
    : synopsis_(std::move(synopsis)), description_(std::move(description)) {}

void Options::add(std::string name, std::string placeholder, Target target, std::string help,
                  Rule rule, Choices choices) {
  options_.push_back(
      {std::move(name), std::move(placeholder), target, std::move(help), rule, std::move(choices)});
}

bool Options::has(const std::string& name) const {
  return std::any_of(options_.begin(), options_.end(),
                     [&](const Option& option) { return option.name == name; });
}

// A name as its table spells it: "one_cycle" is "one-cycle". Others are left to who looks them up.
static std::string choice(const Choices& choices, const std::string& text) {
  std::string hyphenated = text;
  std::replace(hyphenated.begin(), hyphenated.end(), '_', '-');
  const bool known = std::any_of(choices.begin(), choices.end(),
                                 [&](const auto& entry) { return entry.first == hyphenated; });
  return known ? hyphenated : text;
}

void Options::set(const Option& option, const std::string& text) {
  const auto fail = [&](const char* rule) {
    throw UsageError(fmt::format("--{} is {}; got '{}'", option.name, rule, text));
  };
  const auto assign = [&](auto* target) {
    using T = typename Unwrapped<std::remove_cvref_t<decltype(*target)>>::type;
    if constexpr (std::is_same_v<T, std::string>) {
      *target = option.choices.empty() ? text : choice(option.choices, text);
    } else if constexpr (std::is_same_v<T, bool>) {
      if (text != "true" && text != "false") fail("a flag, without a value");
      *target = text == "true";
    } else {
      const std::optional<T> value = parse_number<T>(text);
      if (!value || !std::isfinite(static_cast<double>(*value)) ||
          !option.rule.holds(static_cast<double>(*value)))
        fail(option.rule.text);
      *target = *value;
    }
  };
  std::visit(assign, option.target);
}

std::vector<std::string> Options::parse(const std::vector<std::string>& arguments) {
  cxxopts::Options parser("gradus");
  parser.allow_unrecognised_options();
  parser.add_options()("h,help", "");
  for (const Option& option : options_) {
    const auto value = cxxopts::value<std::string>();
    if (std::holds_alternative<bool*>(option.target)) value->implicit_value("true");
    parser.add_options()(option.name, "", value);
  }
  std::vector<const char*> argv{"gradus"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());

  cxxopts::ParseResult result;
  try {
    result = parser.parse(static_cast<int>(argv.size()), argv.data());
  } catch (const cxxopts::exceptions::missing_argument&) {
    throw UsageError(fmt::format("{} needs a value", arguments.back()));
  } catch (const cxxopts::exceptions::exception& error) {
    throw UsageError(error.what());
  }
  for (const std::string& argument : result.unmatched())
    if (argument.starts_with('-')) unknown(argument);
  if (result.count("help")) given_.push_back("help");
  for (const Option& option : options_) {
    if (!result.count(option.name)) continue;
    given_.push_back(option.name);
    set(option, result[option.name].as<std::string>());
  }
  return result.unmatched();
}

bool Options::given(const std::string& name) const {
  return std::find(given_.begin(), given_.end(), name) != given_.end();
}

void Options::unknown(const std::string& argument) const {
  const std::string name = argument.substr(0, argument.find('='));
  std::vector<std::string> names;
  for (const Option& option : options_) names.push_back("--" + option.name);
  names = nearest_first(name, std::move(names));
  names.resize(std::min<std::size_t>(3, names.size()));
  throw UsageError(
      fmt::format("unknown option {}: perhaps {}? --help lists all", name, fmt::join(names, ", ")));
}

std::string Options::help_of(const Option& option) const {
  const std::string standard = default_text(option.target);
  std::string result =
      help_line(fmt::format("  --{} {}", option.name, option.placeholder),
                option.help + (standard.empty() ? "" : fmt::format(" (default {})", standard)));
  for (const auto& [name, help] : option.choices) result += help_line("      " + name, help);
  return result;
}

std::string Options::help() const {
  std::string result = fmt::format("usage: gradus {}\n{}\n", synopsis_, wrapped(description_, 0));
  for (const Option& option : options_) result += help_of(option);
  return result + help_line("  --help", "this text");
}

Json Options::to_json() const {
  Json json;
  for (const Option& option : options_) {
    const auto value = [](const auto* target) -> Json {
      if constexpr (requires { target->has_value(); })
        return target->has_value() ? Json(**target) : Json();
      else
        return *target;
    };
    json[json_key(option.name)] = std::visit(value, option.target);
  }
  return json;
}

void Options::from_json(const Json& json) {
  for (const Option& option : options_) {
    const auto found = json.find(json_key(option.name));
    if (found == json.end() || found->is_null()) continue;
    set(option, found->is_string() ? found->get<std::string>() : found->dump());
  }
}

}  // namespace gradus::app
