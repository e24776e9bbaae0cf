#include "core/text/option_table.hpp"

namespace gradus {
namespace {

bool is_flag(const OptionInfo& option) {
  return std::holds_alternative<bool>(option.default_value);
}

// Completes the text "mode must be …".
std::string rule(const OptionInfo& option) {
  if (is_flag(option)) return "true or false";
  if (std::holds_alternative<double>(option.default_value)) return option.range.text();
  if (!option.choices.empty()) return fmt::format("one of {}", fmt::join(option.choices, ", "));
  if (!option.is_list) return "a text";
  return option.range.whole ? "whole numbers separated by commas" : "numbers separated by commas";
}

// The value of `option` in a text; empty where it is invalid.
std::optional<OptionValue> parse_value(const OptionInfo& option, const std::string& text) {
  if (std::holds_alternative<double>(option.default_value)) {
    const std::optional<double> number = parse_number<double>(text);
    if (number && option.range.holds(*number)) return *number;
  } else if (is_flag(option)) {
    if (text == "true" || text == "false") return text == "true";
  } else if (option.choices.empty() ||
             std::ranges::find(option.choices, text) != option.choices.end()) {
    return text;
  }
  return std::nullopt;
}

}  // namespace

const OptionInfo* find_option(const std::vector<OptionInfo>& options, std::string_view name) {
  const auto found = std::ranges::find(options, replaced(name, '-', '_'), &OptionInfo::name);
  return found == options.end() ? nullptr : &*found;
}

OptionValues values_of(const Spec& spec, const std::vector<OptionInfo>& options) {
  OptionValues result;
  std::string* list = nullptr;  // that further arguments without a name are appended to
  std::size_t unnamed = 0;      // options whose values were given without a name
  const auto wrong = [&](std::size_t place, std::string_view what) {
    const std::string takes = options.empty() ? "no arguments" : usage(options);
    fail(spec.name, "{} at character {}; it takes {}", what, place, takes);
  };
  for (const auto& [name, value, place] : spec.arguments) {
    const OptionInfo* option = find_option(options, name.empty() ? value : name);
    const bool stands_alone = name.empty() && option && is_flag(*option);
    if (name.empty() && !stands_alone) {
      if (list) {
        *list += ',' + value;
        continue;
      }
      if (unnamed == options.size())
        wrong(place, fmt::format("'{}' is one argument too many", value));
      option = &options[unnamed++];
      if (value.empty()) continue;
    }
    if (!option) wrong(place, fmt::format("has no option '{}'", name));
    const std::optional<OptionValue> given = stands_alone ? true : parse_value(*option, value);
    if (!given || value.empty())
      fail(spec.name, "{} must be {}, got '{}' at character {}", option->name, rule(*option), value,
           place);
    const auto [entry, is_first] = result.emplace(option->name, *given);
    if (!is_first) wrong(place, fmt::format("{} is given twice,", option->name));
    list = option->is_list ? std::get_if<std::string>(&entry->second) : nullptr;
  }
  return result;
}

std::vector<double> numbers_of(const Spec& spec, const std::vector<OptionInfo>& options) {
  const OptionValues values = values_of(spec, options);
  std::vector<double> result;
  for (const OptionInfo& option : options) {
    const auto given = values.find(option.name);
    result.push_back(
        std::get<double>(given == values.end() ? option.default_value : given->second));
  }
  return result;
}

std::string usage(const std::vector<OptionInfo>& options, char between) {
  std::string result;
  for (const OptionInfo& option : options) {
    result += (result.empty() ? "" : ", ") + replaced(option.name, '_', '-');
    const auto* number = std::get_if<double>(&option.default_value);
    if (number && option.range.holds(*number)) result += fmt::format("{}{}", between, *number);
    const auto* text = std::get_if<std::string>(&option.default_value);
    if (text && !text->empty() && !option.is_list) result += between + *text;
  }
  return result;
}

std::string described(std::string_view help, const std::vector<OptionInfo>& options) {
  return fmt::format("{}{}{}", help, options.empty() ? "" : ": ", usage(options));
}

void detail::fail_value(std::string_view owner, const OptionInfo& option,
                        const OptionValue& value) {
  const auto text = [](const auto& given) { return fmt::format("{}", given); };
  fail(owner, "{} must be {}, got {}", option.name, rule(option), std::visit(text, value));
}

}  // namespace gradus
