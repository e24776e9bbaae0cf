// Tables of names: what users type, a line of help, and what it makes.
#pragma once

#include "core/error.hpp"
#include "core/text/spec.hpp"
#include "core/text/split.hpp"

namespace gradus {

/// `names`, those nearest to `name` (by edit distance) first: for errors about unknown names.
std::vector<std::string> nearest_first(std::string_view name, std::vector<std::string> names);

/// Those of `names` and `aliases` that may have been meant by `name`, the nearest first, three at
/// most: what begins with it, or differs in a third of its characters.
std::vector<std::string> near_names(std::string_view name, const std::vector<std::string>& names,
                                    const std::vector<std::string>& aliases = {});

/// `text` in lower case, of ASCII.
std::string lowered(std::string_view text);
/// Whether two names are the same but for case, "_" and "-": "LeakyReLU" and "leaky-relu" are.
bool same_name(std::string_view a, std::string_view b);

namespace detail {
/// Throws std::invalid_argument "unknown kind 'name': did you mean a, b?", or "one of …" with all
/// `names` where none is near. The place of the name follows it, unless that is the first
/// character.
[[noreturn]] void throw_unknown(std::string_view kind, std::string_view name,
                                std::vector<std::string> names,
                                const std::vector<std::string>& aliases = {},
                                std::size_t place = 1);
}  // namespace detail

/// One table of a kind of thing ("activation"): the command line, its help and the tests all read
/// it.
template <class Factory>
class Registry {
 public:
  /// A row of the table.
  struct Entry {
    std::string name;  ///< in lower case, words joined by "-"
    std::string help;  ///< one line
    Factory make;      ///< what find() returns: a function that makes the thing, or data
  };

  /// Names of rows, each with what else it is called: by other frameworks, or for short.
  using Aliases = std::vector<std::pair<std::string, std::vector<std::string>>>;

  /// `kind` is for errors: "unknown KIND 'name'".
  Registry(std::string kind, std::vector<Entry> entries, Aliases aliases = {})
      : kind_(std::move(kind)), entries_(std::move(entries)), aliases_(std::move(aliases)) {}

  /// What the names stand for: "activation".
  const std::string& kind() const { return kind_; }
  /// The rows, in the order in which the help lists them.
  const std::vector<Entry>& entries() const { return entries_; }

  /// What else a row is called.
  std::vector<std::string> aliases_of(const Entry& entry) const {
    for (const auto& [name, aliases] : aliases_)
      if (name == entry.name) return aliases;
    return {};
  }

  /// The row of that name or alias, whatever its case; "_", "-" and none are the same. Throws
  /// std::invalid_argument for an unknown name, with the near ones, or else all.
  const Entry& entry(std::string_view name) const {
    const Entry* const found = row(name);
    if (!found) detail::throw_unknown(kind_, name, names(), alias_names());
    return *found;
  }
  /// The thing of that name, as entry() finds it.
  const Factory& find(std::string_view name) const { return entry(name).make; }
  /// Whether entry() finds the name.
  bool contains(std::string_view name) const { return row(name) != nullptr; }
  /// What the row of the spec's name makes of the spec, in which the name is spelled as in the
  /// table, and `arguments`. Throws std::invalid_argument, with the place, for an unknown name.
  template <class... Arguments>
  auto make(Spec spec, Arguments&&... arguments) const {
    const Entry* const found = row(spec.name);
    if (!found) detail::throw_unknown(kind_, spec.name, names(), alias_names(), spec.place);
    spec.name = found->name;
    return found->make(spec, std::forward<Arguments>(arguments)...);
  }
  /// All names, in the order of the rows.
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const Entry& entry : entries_) names.push_back(entry.name);
    return names;
  }

 private:
  const Entry* row(std::string_view name) const {
    for (const auto& [of, aliases] : aliases_)
      for (const std::string& alias : aliases)
        if (same_name(alias, name)) name = of;
    for (const Entry& entry : entries_)
      if (same_name(entry.name, name)) return &entry;
    return nullptr;
  }
  std::vector<std::string> alias_names() const {
    std::vector<std::string> names;
    for (const auto& [of, aliases] : aliases_)
      names.insert(names.end(), aliases.begin(), aliases.end());
    return names;
  }

  std::string kind_;
  std::vector<Entry> entries_;
  Aliases aliases_;
};

}  // namespace gradus
