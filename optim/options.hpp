// Options of algorithms as data. A struct of options tells in a table what each member is called,
// must be and means; constructors check by it, and the named algorithms get their options, flags
// and help from it.
#pragma once

#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/error.hpp"

namespace gradus::optim {

/// What a number must be; `text` completes "momentum is …". NaN is never right.
struct Range {
  const char* text;             ///< what is allowed: "in [0, 1)"
  bool (*holds)(double value);  ///< whether a value is allowed

  /// Throws std::invalid_argument "[owner] option is …, got value" unless `value` is right.
  void check(std::string_view owner, std::string_view option, double value) const {
    require(holds(value), owner, "{} is {}, got {}", option, text, value);
  }
};

/// The ranges that options have.
namespace range {
/// The largest finite double.
inline constexpr double largest = std::numeric_limits<double>::max();
/// 0 or more and below 1.
inline constexpr Range fraction{"in [0, 1)", [](double x) { return x >= 0 && x < 1; }};
/// 0 to 1, both included.
inline constexpr Range zero_to_one{"in [0, 1]", [](double x) { return x >= 0 && x <= 1; }};
/// Above 0 and finite.
inline constexpr Range positive{"positive and finite",
                                [](double x) { return x > 0 && x <= largest; }};
/// 0 or more and finite.
inline constexpr Range not_negative{"0 or more and finite",
                                    [](double x) { return x >= 0 && x <= largest; }};
/// A whole number from 1 to 10^9. The bound keeps products of two of them within 64 bits.
inline constexpr Range count{"a whole number from 1 to 10^9",
                             [](double x) { return x >= 1 && x <= 1e9 && x == std::floor(x); }};
/// A whole number from 0 to 10^9.
inline constexpr Range count_or_zero{"a whole number from 0 to 10^9", [](double x) {
                                       return x >= 0 && x <= 1e9 && x == std::floor(x);
                                     }};
/// Any number but NaN.
inline constexpr Range any{"a number", [](double x) { return x == x; }};
}  // namespace range

/// A flag, a number, or a text: the name of a choice, or numbers separated by commas.
using OptionValue = std::variant<bool, double, std::string>;
/// What an algorithm is told: {{"momentum", 0.9}, {"nesterov", true}}.
using OptionValues = std::map<std::string, OptionValue>;

/// What is to know about an option of a named algorithm.
struct OptionInfo {
  std::string name;      ///< the member's: "weight_decay"
  std::string help;      ///< one line
  OptionValue standard;  ///< the value where none is given
  Range range;           ///< of a number
  /// The names that a text can be; empty for free text and other kinds.
  std::vector<std::string> choices;
};

/// "1,2.5,3" as numbers, none for an empty text; nothing where it is something else.
template <class T>
std::optional<std::vector<T>> parse_list(std::string_view text) {
  std::vector<T> result;
  for (const char *at = text.data(), *end = at + text.size(); at != end;) {
    T& value = result.emplace_back();
    const auto [stop, error] = std::from_chars(at, end, value);
    if (error != std::errc() || (stop != end && (*stop != ',' || stop + 1 == end))) return {};
    at = stop == end ? end : stop + 1;
  }
  return result;
}

/// A member of the struct `Options`: its name, place, rule and one line of help.
template <class Options>
class Option {
 public:
  /// A real number in `range`.
  Option(std::string name, double Options::*member, const Range& range, std::string help)
      : info_{std::move(name), std::move(help), 0.0, range, {}},
        get_([=](const Options& options) { return options.*member; }),
        set_([=](Options& options, const OptionValue& value) {
          options.*member = std::get<double>(value);
          return true;
        }) {}
  /// `range` is one of whole numbers.
  Option(std::string name, int64_t Options::*member, const Range& range, std::string help)
      : info_{std::move(name), std::move(help), 0.0, range, {}},
        get_([=](const Options& options) { return static_cast<double>(options.*member); }),
        set_([=](Options& options, const OptionValue& value) {
          const double number = std::get<double>(value);
          if (!range.holds(number)) return false;
          options.*member = static_cast<int64_t>(number);
          return true;
        }) {}
  /// A list of numbers; what they must be is for the algorithm's constructor to say.
  template <class T>
  Option(std::string name, std::vector<T> Options::*member, std::string help)
      : info_{std::move(name),
              std::move(help),
              std::string(),
              {std::is_integral_v<T> ? "whole numbers separated by commas"
                                     : "numbers separated by commas",
               range::any.holds},
              {}},
        get_([=](const Options& options) {
          return fmt::format("{}", fmt::join(options.*member, ","));
        }),
        set_([=](Options& options, const OptionValue& value) {
          const auto list = parse_list<T>(std::get<std::string>(value));
          if (list) options.*member = *list;
          return list.has_value();
        }) {}
  /// A flag.
  Option(std::string name, bool Options::*member, std::string help)
      : info_{std::move(name), std::move(help), false, range::any, {}},
        get_([=](const Options& options) { return options.*member; }),
        set_([=](Options& options, const OptionValue& value) {
          options.*member = std::get<bool>(value);
          return true;
        }) {}
  /// `choices` are the names of the enumeration's values, in their order.
  template <class Enum>
  Option(std::string name, Enum Options::*member, const std::vector<std::string>& choices,
         std::string help)
      : info_{std::move(name), std::move(help), choices[0], range::any, choices},
        get_([=](const Options& options) {
          return choices[static_cast<std::size_t>(options.*member)];
        }),
        set_([=](Options& options, const OptionValue& value) {
          const auto at = std::find(choices.begin(), choices.end(), std::get<std::string>(value));
          if (at == choices.end()) return false;
          options.*member = static_cast<Enum>(at - choices.begin());
          return true;
        }) {}

  /// The member's name: "weight_decay".
  const std::string& name() const { return info_.name; }
  /// All about the option, with what `options` hold as the default.
  OptionInfo info(const Options& options) const {
    OptionInfo result = info_;
    result.standard = get_(options);
    return result;
  }
  /// Throws std::invalid_argument in the name of `owner` when what `options` hold is out of range.
  void check(std::string_view owner, const Options& options) const {
    const OptionValue value = get_(options);
    if (const double* number = std::get_if<double>(&value))
      info_.range.check(owner, info_.name, *number);
  }
  /// Throws std::invalid_argument in the name of `owner` for a value that isn't one of this option.
  void set(std::string_view owner, Options& options, const OptionValue& value) const {
    const std::string text =
        std::visit([](const auto& given) { return fmt::format("{}", given); }, value);
    require(value.index() == info_.standard.index() && set_(options, value), owner,
            "{} is {}, got {}", info_.name, kind(), text);
  }

 private:
  std::string kind() const {
    if (std::holds_alternative<bool>(info_.standard)) return "true or false";
    if (info_.choices.empty()) return info_.range.text;
    return fmt::format("one of {}", fmt::join(info_.choices, ", "));
  }

  OptionInfo info_;
  std::function<OptionValue(const Options&)> get_;
  std::function<bool(Options&, const OptionValue&)> set_;
};

/// The options of one struct, in the order in which the help lists them.
template <class Options>
using OptionTable = std::vector<Option<Options>>;

/// The options of an algorithm that has none.
struct NoOptions {
  /// No option.
  static const OptionTable<NoOptions>& table() {
    static const OptionTable<NoOptions> none;
    return none;
  }
};

/// Throws std::invalid_argument "[owner] option is …, got value" for the first of `options` that is
/// out of its range.
template <class Options>
void check_options(std::string_view owner, const Options& options) {
  for (const Option<Options>& option : Options::table()) option.check(owner, options);
}

/// `options` with `values` in their places. Throws std::invalid_argument for a name that isn't in
/// `table`, "[owner] has no option …", or a value of another kind.
template <class Options>
Options with_values(std::string_view owner, const OptionTable<Options>& table, Options options,
                    const OptionValues& values) {
  for (const auto& [name, value] : values) {
    const auto option = std::find_if(table.begin(), table.end(), [&name = name](const auto& entry) {
      return entry.name() == name;
    });
    require(option != table.end(), owner, "has no option {}", name);
    option->set(owner, options, value);
  }
  return options;
}

}  // namespace gradus::optim
