#include "apps/gradus/cli/algorithm_flags.hpp"

#include <fmt/ranges.h>

namespace gradus::app {
namespace {

// A flag can only turn something on: one that turns off what is on by default is called no_….
std::string flag_name(const OptionInfo& info) {
  const bool* flag = std::get_if<bool>(&info.standard);
  return (flag && *flag ? "no_" : "") + info.name;
}

AlgorithmFlag not_given(const OptionValue& standard) {
  if (std::holds_alternative<bool>(standard)) return false;
  if (std::holds_alternative<double>(standard)) return std::optional<double>();
  return std::string();
}

}  // namespace

void add_algorithm_flags(Options& options, AlgorithmFlags& flags,
                         const std::vector<OptionInfo>& infos) {
  for (const OptionInfo& info : infos) {
    const std::string name = flag_name(info);
    if (options.find(name)) continue;
    AlgorithmFlag& flag = flags.try_emplace(name, not_given(info.standard)).first->second;
    std::string words = option_name(name);
    if (!info.choices.empty())
      words += fmt::format(" {}", fmt::join(info.choices, "|"));
    else if (!std::holds_alternative<bool>(flag))
      words += " X";
    Choices names;
    for (const std::string& choice : info.choices) names.push_back({choice, ""});
    const std::string help = name == info.name ? info.help : "don't " + info.help;
    const auto add = [&](auto& target) {
      options.add(words, &target, help, {.range = info.range, .choices = names});
    };
    std::visit(add, flag);
  }
}

OptionValues values(const AlgorithmFlags& flags) {
  OptionValues result;
  for (const auto& [name, given] : flags) {
    if (const bool* flag = std::get_if<bool>(&given); flag && *flag) {
      const bool turns_off = name.starts_with("no_");
      result[turns_off ? name.substr(3) : name] = !turns_off;
    }
    if (const auto* number = std::get_if<std::optional<double>>(&given); number && *number)
      result[name] = **number;
    if (const auto* text = std::get_if<std::string>(&given); text && !text->empty())
      result[name] = *text;
  }
  return result;
}

std::string list(const std::vector<OptionInfo>& infos) {
  std::string result;
  for (const OptionInfo& info : infos) {
    result += (result.empty() ? "" : ", ") + option_name(flag_name(info));
    const double* number = std::get_if<double>(&info.standard);
    if (number && info.range.holds(*number)) result += fmt::format(" {}", *number);
    const std::string* text = std::get_if<std::string>(&info.standard);
    if (text && !info.choices.empty()) result += ' ' + *text;
  }
  return result;
}

}  // namespace gradus::app
