#include "apps/gradus/cli/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cxxopts.hpp>
#include <nlohmann/json.hpp>

#include "apps/gradus/cli/errors.hpp"
#include "core/text/number.hpp"

namespace gradus::app {
namespace {

template <class T>
struct Unwrapped {
  using type = T;
};
template <class T>
struct Unwrapped<std::optional<T>> {
  using type = T;
};

}  // namespace

std::string json_key(std::string name) {
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

std::string option_name(std::string key) {
  std::replace(key.begin(), key.end(), '_', '-');
  return key;
}

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

Options::Options(std::string synopsis, std::string description)
    : synopsis_(std::move(synopsis)), description_(std::move(description)) {}

void Options::add(std::string name, std::string placeholder, Target target, std::string help,
                  const Range& range, Choices choices) {
  options_.push_back({group_, std::move(name), std::move(placeholder), target, std::move(help),
                      range, std::move(choices)});
}

void Options::example(std::string line, std::string purpose) {
  examples_.push_back({std::move(line), std::move(purpose)});
}

bool Options::has(const std::string& name) const {
  return std::any_of(options_.begin(), options_.end(),
                     [&](const Option& option) { return option.name == name; });
}

// A name as its table spells it: "one_cycle" is "one-cycle". Others are left to who looks them up.
static std::string choice(const Choices& choices, const std::string& text) {
  const std::string hyphenated = option_name(text);
  const bool known = std::any_of(choices.begin(), choices.end(),
                                 [&](const auto& entry) { return entry.first == hyphenated; });
  return known ? hyphenated : text;
}

void Options::set(const Option& option, const std::string& text) {
  const auto fail = [&](const std::string& rule) {
    throw UsageError(fmt::format("--{} {}, got '{}'", option.name, rule, text));
  };
  const auto assign = [&](auto* target) {
    using T = typename Unwrapped<std::remove_cvref_t<decltype(*target)>>::type;
    if constexpr (std::is_same_v<T, std::string>) {
      *target = option.choices.empty() ? text : choice(option.choices, text);
    } else if constexpr (std::is_same_v<T, bool>) {
      if (text != "true" && text != "false") fail("takes no value");
      *target = text == "true";
    } else {
      const std::optional<T> value = parse_number<T>(text);
      if (!value || !std::isfinite(static_cast<double>(*value)) ||
          !option.range.holds(static_cast<double>(*value)))
        fail(fmt::format("must be {}", option.range.text()));
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
    if (option.is_flag()) value->implicit_value("true");
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
    set(option, text_of(*found));
  }
}

}  // namespace gradus::app
