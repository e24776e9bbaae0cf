#include "apps/gradus/cli/options.hpp"

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace gradus::app {
namespace {

// The spelling of the table of choices: "one-cycle" for "OneCycleLR".
std::string spelled(const Option& option, const std::string& text) {
  const auto is_it = [&](const std::string& name) { return same_name(name, text); };
  // A folder "Digits" isn't the data set "digits".
  std::error_code none;
  if (option.placeholder.ends_with("PATH") && std::filesystem::exists(text, none)) return text;
  for (const auto& [name, help, aliases] : option.choices)
    if (is_it(name) || std::ranges::any_of(aliases, is_it)) return name;
  return text;
}

// Flags can only be set to true, so a flag that is on by default is called no_….
std::string flag_name(const OptionInfo& info) {
  const bool* flag = std::get_if<bool>(&info.default_value);
  return (flag && *flag ? "no_" : "") + info.name;
}

AlgorithmFlag not_given(const OptionValue& standard) {
  if (std::holds_alternative<bool>(standard)) return false;
  if (std::holds_alternative<double>(standard)) return std::optional<double>();
  return std::string();
}

}  // namespace

std::string json_key(std::string_view name) {
  return replaced(name, '-', '_');
}

std::string option_name(std::string_view key) {
  return replaced(key, '_', '-');
}

std::string shown(const Texts& terms, const char* between) {
  std::string result;
  for (std::string term : terms) {
    std::ranges::replace(term, '=', ' ');
    result += (result.empty() ? "--" : between + std::string("--")) + term;
  }
  return result;
}

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string json_text(const Json& value) {
  return value.dump(2, ' ', true, Json::error_handler_t::replace) + '\n';
}

void print_as_json(const Json& value) {
  fmt::print("{}", json_text(value));
}

Json Option::value() const {
  const auto read = [](const auto* variable) -> Json {
    if constexpr (requires { variable->has_value(); })
      return variable->has_value() ? Json(**variable) : Json();
    else
      return *variable;
  };
  return std::visit(read, target);
}

bool Option::is_set() const {
  const Json now = value();
  return !now.is_null() && now != "" && now != false && now != 0;
}

void Option::set(const std::string& text) const {
  const auto fail = [&](const std::string& rule) {
    throw UsageError("--{} {}, got '{}'", name, rule, text);
  };
  const auto assign = [&](auto* variable) {
    using T = typename decltype(std::optional(*variable))::value_type;
    if constexpr (std::is_same_v<T, std::string>) {
      *variable = spelled(*this, text);
    } else if constexpr (std::is_same_v<T, bool>) {
      if (text != "true" && text != "false") fail("takes no value");
      *variable = text == "true";
    } else {
      const std::optional<T> number = parse_number<T>(text);
      if (!number || !std::isfinite(static_cast<double>(*number)) ||
          !range.holds(static_cast<double>(*number)))
        fail(fmt::format("must be {}", range.text()));
      *variable = *number;
    }
  };
  std::visit(assign, target);
}

Options::Options(std::string synopsis, std::string description)
    : synopsis_(std::move(synopsis)), description_(std::move(description)), groups_{{"", ""}} {}

void Options::group(const std::string& heading, const std::string& summary) {
  heading_ = heading;
  const auto is_it = [&](const Group& group) { return group.heading == heading; };
  if (std::ranges::none_of(groups_, is_it)) groups_.push_back({heading, summary});
}

void Options::add(std::string_view words, Option::Target target, std::string help,
                  OptionRules rules) {
  const std::size_t end = std::min(words.find(' '), words.size());
  options_.push_back({std::move(rules), heading_, std::string(words.substr(0, end)),
                      std::string(words.substr(std::min(end + 1, words.size()))), std::move(help),
                      target});
}

void Options::example(std::string line, std::string purpose) {
  examples_.push_back({std::move(line), std::move(purpose)});
}

void Options::answer(const std::vector<std::string>& names, const std::string& text) {
  for (const std::string& name : names) answers_[name] = text;
}

const Option* Options::find(std::string_view name) const {
  const std::string wanted = option_name(name);
  for (const Option& option : options_)
    if (option.name == wanted || std::ranges::count(option.aliases, wanted)) return &option;
  return nullptr;
}

Json Options::to_json() const {
  Json json;
  for (const Option& option : options_) json[json_key(option.name)] = option.value();
  return json;
}

void Options::from_json(const Json& json) {
  for (const Option& option : options_) {
    const auto found = json.find(json_key(option.name));
    if (found != json.end() && !found->is_null()) option.set(text_of(*found));
  }
}

bool Options::holds(const std::string& term) const {
  const std::size_t equals = term.find('=');
  const Option& option = *find(term.substr(0, equals));
  if (equals == term.npos) return option.is_set();
  return option.value() == term.substr(equals + 1);
}

bool Options::is_open(const std::string& term) const {
  const std::size_t equals = term.find('=');
  if (equals == term.npos) return false;
  const Json value = find(term.substr(0, equals))->value();
  return value == "" || value == "auto";
}

void Options::check() const {
  for (std::size_t i = 0; i < std::min(checked_, options_.size()); ++i) {
    const Option& option = options_[i];
    if (!option.is_set()) continue;
    const std::string& name = option.name;
    for (const std::string& term : option.excludes)
      if (holds(term)) throw UsageError("--{} cannot be combined with {}", name, shown({term}));
    const auto may_hold = [&](const std::string& term) { return holds(term) || is_open(term); };
    if (option.needs.empty() || std::ranges::any_of(option.needs, may_hold)) continue;
    std::string error = fmt::format("--{} needs {}", name, shown(option.needs));
    const std::string& term = option.needs[0];
    if (const std::size_t equals = term.find('='); equals != term.npos)
      error += fmt::format(", got {}", text_of(find(term.substr(0, equals))->value()));
    throw UsageError(error);
  }
}

void add_algorithm_flags(Options& options, AlgorithmFlags& flags,
                         const std::vector<OptionInfo>& infos) {
  for (const OptionInfo& info : infos) {
    const std::string name = flag_name(info);
    if (options.find(name)) continue;
    AlgorithmFlag& flag = flags.try_emplace(name, not_given(info.default_value)).first->second;
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

std::string list(std::vector<OptionInfo> infos) {
  for (OptionInfo& info : infos) info.name = flag_name(info);
  return usage(infos, ' ');
}

}  // namespace gradus::app
