// What --help prints.
#include <fmt/format.h>

#include <algorithm>

#include "apps/gradus/cli/help_text.hpp"
#include "apps/gradus/cli/options.hpp"
#include "core/text/width.hpp"

namespace gradus::app {
namespace {

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

std::string help_of(const Options::Option& option) {
  const std::string standard = default_text(option.target);
  std::string result =
      help_line(fmt::format("  --{}{}{}", option.name, option.placeholder.empty() ? "" : " ",
                            option.placeholder),
                option.help + (standard.empty() ? "" : fmt::format(" (default {})", standard)));
  for (const auto& [name, help] : option.choices) result += help_line("      " + name, help);
  return result;
}

// In the order in which they first have an option.
std::vector<std::string> headings(const std::vector<Options::Option>& options) {
  std::vector<std::string> result;
  for (const Options::Option& option : options)
    if (std::find(result.begin(), result.end(), option.group) == result.end())
      result.push_back(option.group);
  return result;
}

}  // namespace

std::string Options::help() const {
  std::string result =
      fmt::format("usage: gradus {}\n{}", synopsis_, wrapped(description_, help_width));
  for (const std::string& heading : headings(options_)) {
    result += heading.empty() ? "\n" : fmt::format("\n{}\n", heading);
    for (const Option& option : options_)
      if (option.group == heading) result += help_of(option);
  }
  if (options_.empty()) result += '\n';
  result += help_line("  --help", "this text");
  if (!examples_.empty()) result += "\nExamples\n";
  for (const auto& [line, purpose] : examples_)
    result += fmt::format("  {}\n      {}", line, wrapped(purpose, help_width, 6));
  return result;
}

}  // namespace gradus::app
