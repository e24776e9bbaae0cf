// OptionTable: options as data. A struct of options tells in a table what each member is called,
// must be and means; constructors check by it, and the named algorithms get their options, flags
// and help from it.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/error.hpp"
#include "core/text/range.hpp"

namespace gradus {

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

namespace detail {

/// A member of a struct of options as data: what it is called, must be and means, and where it
/// lies.
class Member {
 public:
  /// The member's name: "weight_decay".
  const char* name() const { return name_; }
  /// All about the member, with what the struct `options` holds as the default.
  OptionInfo info(const void* options) const;
  /// Throws std::invalid_argument in the name of `owner` when what `options` hold is out of range.
  void check(std::string_view owner, const void* options) const;
  /// Throws std::invalid_argument in the name of `owner` for a value that isn't one of the member.
  void set(std::string_view owner, void* options, const OptionValue& value) const;

 protected:
  enum class Kind { number, whole_number, numbers, whole_numbers, flag, choice };

  constexpr Member(const char* name, Kind kind, std::size_t offset, const Range& range,
                   const char* help, std::initializer_list<const char*> choices = {})
      : name_(name), help_(help), range_(range), kind_(kind), offset_(offset) {
    std::copy(choices.begin(), choices.end(), choices_.begin());
  }

 private:
  OptionValue value(const void* options) const;
  bool assign(void* options, const OptionValue& value) const;
  std::vector<std::string> choices() const;
  std::string rule() const;

  const char *name_, *help_;
  Range range_;
  Kind kind_;
  std::size_t offset_;
  std::array<const char*, 4> choices_{};
};

/// The member of that name. Throws std::invalid_argument "[owner] has no option name".
const Member& find(std::string_view owner, const std::vector<Member>& members,
                   std::string_view name);

}  // namespace detail

/// A member of the struct `Options`: its name, place, rule and one line of help.
template <class Options>
class OptionRow : public detail::Member {
 public:
  /// A real number in `range`.
  OptionRow(const char* name, double Options::*member, const Range& range, const char* help)
      : Member(name, Kind::number, offset(member), range, help) {}
  /// `range` is one of whole numbers.
  OptionRow(const char* name, int64_t Options::*member, const Range& range, const char* help)
      : Member(name, Kind::whole_number, offset(member), range, help) {}
  /// A list of numbers; what they must be is for the algorithm's constructor to say.
  OptionRow(const char* name, std::vector<double> Options::*member, const char* help)
      : Member(name, Kind::numbers, offset(member), range::any, help) {}
  /// A list of whole numbers, likewise.
  OptionRow(const char* name, std::vector<int64_t> Options::*member, const char* help)
      : Member(name, Kind::whole_numbers, offset(member), range::any, help) {}
  /// A flag.
  OptionRow(const char* name, bool Options::*member, const char* help)
      : Member(name, Kind::flag, offset(member), range::any, help) {}
  /// `choices` are the names of the enumeration's values, in their order: four at most.
  template <class Enum>
  OptionRow(const char* name, Enum Options::*member, std::initializer_list<const char*> choices,
            const char* help)
      : Member(name, Kind::choice, offset(member), range::any, help, choices) {
    static_assert(sizeof(Enum) == sizeof(int));
  }

 private:
  template <class T>
  static std::size_t offset(T Options::*member) {
    alignas(Options) char place[sizeof(Options)];
    const auto* options = reinterpret_cast<const Options*>(place);
    return static_cast<std::size_t>(reinterpret_cast<const char*>(&(options->*member)) - place);
  }
};

/// The options of one struct, in the order in which the help lists them.
template <class Options>
using OptionTable = std::vector<OptionRow<Options>>;

/// The options of an algorithm that has none.
struct NoOptions {
  /// No option.
  static const OptionTable<NoOptions>& table() {
    static const OptionTable<NoOptions> none;
    return none;
  }
};

/// Throws std::invalid_argument "[owner] option must be …, got value" for the first of `options`
/// that is out of its range.
template <class Options>
void check_options(std::string_view owner, const Options& options) {
  for (const OptionRow<Options>& option : Options::table()) option.check(owner, &options);
}

/// What is to know about each option of `table`, with what `defaults` hold as the default.
template <class Options>
std::vector<OptionInfo> option_infos(const OptionTable<Options>& table, const Options& defaults) {
  std::vector<OptionInfo> result;
  for (const OptionRow<Options>& option : table) result.push_back(option.info(&defaults));
  return result;
}

/// `options` with `values` in their places. Throws std::invalid_argument for a name that isn't in
/// `table`, "[owner] has no option …", or a value of another kind.
template <class Options>
Options with_values(std::string_view owner, const OptionTable<Options>& table, Options options,
                    const OptionValues& values) {
  const std::vector<detail::Member> members(table.begin(), table.end());
  for (const auto& [name, value] : values)
    detail::find(owner, members, name).set(owner, &options, value);
  return options;
}

}  // namespace gradus
