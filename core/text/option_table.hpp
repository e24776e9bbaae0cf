// OptionTable: describes the members of a struct of options: their names, valid values and help.
// Constructors check options by it; the named algorithms get their options, flags and help from it.
#pragma once

#include <fmt/ranges.h>

#include <initializer_list>
#include <map>
#include <type_traits>
#include <variant>

#include "core/text/range.hpp"
#include "core/text/spec.hpp"

namespace gradus {

/// A flag, a number, or a text: the name of a choice, or numbers separated by commas.
using OptionValue = std::variant<bool, double, std::string>;
/// Option values by name: {{"momentum", 0.9}, {"nesterov", true}}.
using OptionValues = std::map<std::string, OptionValue>;

/// Describes an option of a named algorithm.
struct OptionInfo {
  std::string name;           ///< of the member: "weight_decay"
  std::string help;           ///< one line
  OptionValue default_value;  ///< used where no value is given
  Range range;                ///< valid numbers
  /// The valid texts; empty for free text and other types.
  std::vector<std::string> choices = {};
  bool is_list = false;  ///< whether a text is numbers separated by commas
};

/// The option with that name ("-" and "_" are the same); null where there is none.
const OptionInfo* find_option(const std::vector<OptionInfo>& options, std::string_view name);
/// The values that `spec` gives to `options`. Arguments without a name are assigned in the order of
/// `options`; an empty one leaves the default. A flag needs no =VALUE. Arguments after a list
/// belong to the list. Throws std::invalid_argument "[name] option must be …, got 'x' at character
/// 8" for invalid values, unknown options, too many arguments and options that are given twice.
OptionValues values_of(const Spec& spec, const std::vector<OptionInfo>& options);
/// The same where all options are numbers: the value of each option, in their order.
std::vector<double> numbers_of(const Spec& spec, const std::vector<OptionInfo>& options);
/// A factory (spec, arguments…) that returns make(arguments…), with the numbers of the spec as the
/// last argument if `make` accepts them.
template <class Make>
auto made_from(const std::vector<OptionInfo>& options, const Make& make) {
  return [=](const Spec& spec, const auto&... arguments) {
    const std::vector<double> numbers = numbers_of(spec, options);
    if constexpr (std::is_invocable_v<const Make&, decltype(arguments)...>)
      return make(arguments...);
    else
      return make(arguments..., numbers);
  };
}
/// "fan=in, slope=0.01, file": options with their defaults, as a spec accepts them. A default that
/// is out of range or a list depends on other values and is left out.
std::string usage(const std::vector<OptionInfo>& options, char between = '=');
/// `help`, followed by the usage of `options`.
std::string described(std::string_view help, const std::vector<OptionInfo>& options);

namespace detail {

// The value of a member of a struct of options; lists become texts.
template <class T>
OptionValue value_of(const T& member) {
  if constexpr (std::is_same_v<T, int64_t>)
    return static_cast<double>(member);
  else if constexpr (requires { typename T::iterator; } && !std::is_same_v<T, std::string>)
    return fmt::format("{}", fmt::join(member, ","));
  else
    return member;
}

// Sets a member to a value. False where the value has another type.
template <class T>
bool assign(T& member, const OptionValue& value) {
  if constexpr (requires { typename T::iterator; } && !std::is_same_v<T, std::string>) {
    const auto* text = std::get_if<std::string>(&value);
    auto numbers = text ? parse_numbers<typename T::value_type>(*text) : std::nullopt;
    if (numbers) member = *std::move(numbers);
    return numbers.has_value();
  } else {
    const auto* held =
        std::get_if<std::conditional_t<std::is_same_v<T, int64_t>, double, T>>(&value);
    if (held) member = static_cast<T>(*held);
    return held != nullptr;
  }
}

/// Throws std::invalid_argument "[owner] option must be …, got value".
[[noreturn]] void fail_value(std::string_view owner, const OptionInfo& option,
                             const OptionValue& value);

}  // namespace detail

/// A member of the struct `Options`: its description, and functions that read and set it.
template <class Options>
struct OptionRow {
  OptionInfo info;                                   ///< with the default of Options()
  std::function<OptionValue(const Options&)> value;  ///< of the member
  std::function<bool(Options&, const OptionValue& value)>
      assign;  ///< false for a value of another type

  /// A number in `range`; `T` is double, or int64_t for whole numbers.
  template <class T>
  OptionRow(const char* name, T Options::*member, const Range& range, const char* help)
      : info{name, help, detail::value_of(Options().*member), range},
        value([=](const Options& options) { return detail::value_of(options.*member); }),
        assign([=](Options& options, const OptionValue& to) {
          return detail::assign(options.*member, to);
        }) {}
  /// A flag or a text.
  template <class T>
  OptionRow(const char* name, T Options::*member, const char* help)
      : OptionRow(name, member, range::any, help) {}
  /// A list of numbers, which the algorithm's constructor checks.
  template <class T>
  OptionRow(const char* name, std::vector<T> Options::*member, const char* help)
      : OptionRow(name, member,
                  {.low = -range::largest, .high = range::largest, .whole = std::is_integral_v<T>},
                  help) {
    info.is_list = true;
  }
  /// An enumeration; `choices` are the names of its values, in their order.
  template <class Enum>
  OptionRow(const char* name, Enum Options::*member, std::initializer_list<const char*> choices,
            const char* help)
      : info{name,
             help,
             std::string(*choices.begin()),
             range::any,
             {choices.begin(), choices.end()}},
        value([=, names = info.choices](const Options& options) {
          return names[static_cast<std::size_t>(options.*member)];
        }),
        assign([=, names = info.choices](Options& options, const OptionValue& to) {
          const auto* text = std::get_if<std::string>(&to);
          const auto chosen = text ? std::ranges::find(names, *text) : names.end();
          if (chosen != names.end()) options.*member = static_cast<Enum>(chosen - names.begin());
          return chosen != names.end();
        }) {}
};

/// The options of one struct, in the order of the help.
template <class Options>
using OptionTable = std::vector<OptionRow<Options>>;

/// The rows of `table` with these names, in the order of the table.
template <class Options>
OptionTable<Options> rows_of(OptionTable<Options> table, const std::vector<std::string>& names) {
  std::erase_if(table, [&](const OptionRow<Options>& row) {
    return std::ranges::find(names, row.info.name) == names.end();
  });
  return table;
}

/// For algorithms without options.
struct NoOptions {
  /// An empty table.
  static OptionTable<NoOptions> table() { return {}; }
};

/// Throws std::invalid_argument "[owner] option must be …, got value" for the first of `options`
/// that is out of its range.
template <class Options>
void check_options(std::string_view owner, const Options& options) {
  for (const OptionRow<Options>& row : Options::table()) {
    const OptionValue value = row.value(options);
    const auto* number = std::get_if<double>(&value);
    if (number && !row.info.range.holds(*number)) detail::fail_value(owner, row.info, value);
  }
}

/// The descriptions of the options of `table`, with the values of `defaults` as default values.
template <class Options>
std::vector<OptionInfo> option_infos(const OptionTable<Options>& table, const Options& defaults) {
  std::vector<OptionInfo> result;
  for (const OptionRow<Options>& row : table) {
    result.push_back(row.info);
    result.back().default_value = row.value(defaults);
  }
  return result;
}

/// `options` with `values` assigned. Throws std::invalid_argument for a name that isn't in `table`,
/// "[owner] has no option …", and for an invalid value.
template <class Options>
Options with_values(std::string_view owner, const OptionTable<Options>& table, Options options,
                    const OptionValues& values) {
  for (const auto& [name, value] : values) {
    const auto row = std::ranges::find_if(
        table, [&, &wanted = name](const auto& option) { return option.info.name == wanted; });
    require(row != table.end(), owner, "has no option {}", name);
    const auto* number = std::get_if<double>(&value);
    if ((number && !row->info.range.holds(*number)) || !row->assign(options, value))
      detail::fail_value(owner, row->info, value);
  }
  return options;
}

/// `options` with the values of `spec` assigned. Throws std::invalid_argument like values_of().
template <class Options>
Options with_spec(const Spec& spec, const OptionTable<Options>& table, const Options& options) {
  return with_values(spec.name, table, options, values_of(spec, option_infos(table, options)));
}

}  // namespace gradus
