#include "apps/gradus/cli/help.hpp"

#include <nlohmann/json.hpp>

#include "core/io/terminal.hpp"
#include "core/text/width.hpp"

namespace gradus::app {
namespace {

constexpr std::size_t help_column = 24, widest_help = 80;
// Without a topic, a command with more options only lists its groups.
constexpr std::size_t most_options = 20;

std::string wrapped_help(std::string_view text, std::size_t indent = 0) {
  return wrapped(text, std::min(widest_help, terminal_width()), indent);
}

// "text (a; b)"; notes are added to a default that the text has in parentheses.
std::string with_notes(std::string text, const Texts& notes) {
  if (notes.empty()) return text;
  const bool has_default = text.ends_with(')') && text.find(" (default ") != text.npos;
  if (has_default) text.pop_back();
  return fmt::format("{}{}{})", text, has_default ? "; " : " (", fmt::join(notes, "; "));
}

std::string help_of(const Options& options, const Option& option) {
  Texts notes;
  const Json default_value = option.value();
  if (default_value.is_number_float())
    notes.push_back(fmt::format("default {}", default_value.get<double>()));
  else if (!option.is_flag() && !default_value.is_null() && default_value != "")
    notes.push_back("default " + text_of(default_value));
  const auto note = [&](const char* words, const Texts& terms, const char* between) {
    if (!terms.empty()) notes.push_back(words + shown(terms, between));
  };
  Texts excluded = option.excludes;
  for (const Option& other : options.all())
    if (std::ranges::count(other.excludes, option.name)) excluded.push_back(other.name);
  note("needs ", option.needs, " or ");
  note("not with ", excluded, " or ");
  note("only with ", option.only_with, ", ");
  note("also ", option.aliases, ", ");
  std::string result = help_line(
      fmt::format("  --{}{}{}", option.name, option.is_flag() ? "" : " ", option.placeholder),
      with_notes(option.help, notes));
  for (const auto& [name, help, aliases] : option.choices) {
    if (help.empty()) continue;  // the placeholder contains the name
    notes.clear();
    if (!aliases.empty()) notes.push_back(fmt::format("also {}", fmt::join(aliases, ", ")));
    result += help_line("      " + name, with_notes(help, notes));
  }
  return result;
}

std::string help_of(const Options& options, const Options::Group& group) {
  std::string result;
  for (const Option& option : options.all())
    if (option.heading == group.heading) result += help_of(options, option);
  return (result.empty() || group.heading.empty() ? "" : group.heading + '\n') + result;
}

std::string beginning(const Options& options) {
  return fmt::format("usage: gradus {}\n{}\n", options.synopsis(),
                     wrapped_help(options.description()));
}

std::string examples(const Options& options) {
  std::string result = options.examples().empty() ? "" : "\nExamples\n";
  for (const auto& [line, purpose] : options.examples())
    result += fmt::format("  {}\n      {}", line, wrapped_help(purpose, 6));
  return result;
}

std::string overview(const Options& options) {
  std::string result = beginning(options) + help_line("  --help GROUP", "the options of a group:");
  for (const Options::Group& group : options.groups())
    if (!group.heading.empty()) result += help_line("    " + lowered(group.heading), group.summary);
  return result + help_line("  --help OPTION", "one option, as in --help lr") +
         help_line("  --help all", "all options") + examples(options);
}

std::string all(const Options& options) {
  std::string result = beginning(options);
  for (const Options::Group& group : options.groups())
    if (const std::string part = help_of(options, group); !part.empty()) result += part + '\n';
  result.pop_back();
  return result + help_line("  --help", "this text") + examples(options);
}

}  // namespace

std::string help_line(const std::string& left, const std::string& text) {
  const std::size_t width = width_of(left);
  const bool fits = width + 2 <= help_column;
  return left +
         (fits ? std::string(help_column - width, ' ') : '\n' + std::string(help_column, ' ')) +
         wrapped_help(text, help_column);
}

std::string help(const Options& options, std::string_view topic) {
  const bool is_short = options.all().size() <= most_options;
  if (topic == "all" || (topic.empty() && is_short)) return all(options);
  if (topic.empty()) return overview(options);
  std::string result;
  Texts topics;
  for (const Options::Group& group : options.groups()) {
    if (same_name(group.heading.substr(0, topic.size()), topic)) result += help_of(options, group);
    if (!group.heading.empty()) topics.push_back(lowered(group.heading));
  }
  if (!result.empty()) return result;
  if (const Option* option = options.find(topic)) return help_of(options, *option);
  throw UsageError("unknown help topic '{}': one of {}, all, or an option of {}", topic,
                   fmt::join(topics, ", "), options.command());
}

std::optional<std::string> help_topic(const Arguments& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].starts_with("--help=")) return words[i].substr(7);
    if (words[i] != "--help" && words[i] != "-h") continue;
    const bool named = i + 1 < words.size() && !words[i + 1].starts_with('-');
    return named ? words[i + 1] : "";
  }
  return std::nullopt;
}

}  // namespace gradus::app
