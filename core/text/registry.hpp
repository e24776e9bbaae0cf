// Registry: a table of the names that users type, each with a line of help and a factory.
#pragma once

#include "core/error.hpp"
#include "core/text/spec.hpp"
#include "core/text/split.hpp"

namespace gradus {

/// `names`, sorted by their edit distance from `name`: for errors about unknown names.
std::vector<std::string> nearest_first(std::string_view name, std::vector<std::string> names);

/// At most three of `names` and `aliases` that are similar to `name`, the nearest first: they begin
/// with it, or differ in at most a third of its characters.
std::vector<std::string> near_names(std::string_view name, const std::vector<std::string>& names,
                                    const std::vector<std::string>& aliases = {});

/// `text` with its ASCII letters in lower case.
std::string lowered(std::string_view text);
/// Whether two names are the same without regard to case, "_" and "-": "LeakyReLU", "leaky-relu".
bool same_name(std::string_view a, std::string_view b);

namespace detail {
/// Throws std::invalid_argument "unknown kind 'name': did you mean a, b?", or "one of …" with all
/// `names` where none is similar. The message contains `place`, unless it is the first character.
[[noreturn]] void throw_unknown(std::string_view kind, std::string_view name,
                                std::vector<std::string> names,
                                const std::vector<std::string>& aliases = {},
                                std::size_t place = 1);
}  // namespace detail

/// The table of one kind of thing ("activation"). The command line, its help and the tests read it.
template <class Factory>
class Registry {
 public:
  /// A row of the table.
  struct Entry {
    std::string name;  ///< in lower case, words joined by "-"
    std::string help;  ///< one line
    Factory make;      ///< returned by find(): a function that makes the thing, or data
  };

  /// Other names of rows: those of other frameworks, and short ones.
  using Aliases = std::vector<std::pair<std::string, std::vector<std::string>>>;

  /// `kind` is used in errors: "unknown KIND 'name'".
  Registry(std::string kind, std::vector<Entry> entries, Aliases aliases = {})
      : kind_(std::move(kind)), entries_(std::move(entries)), aliases_(std::move(aliases)) {}

  /// The kind of thing: "activation".
  const std::string& kind() const { return kind_; }
  /// The rows, in the order of the help.
  const std::vector<Entry>& entries() const { return entries_; }

  /// The other names of a row.
  std::vector<std::string> aliases_of(const Entry& entry) const {
    for (const auto& [name, aliases] : aliases_)
      if (name == entry.name) return aliases;
    return {};
  }

  /// The row with that name or alias, without regard to case, "_" and "-". Throws
  /// std::invalid_argument for an unknown name, listing similar names, or else all names.
  const Entry& entry(std::string_view name) const {
    const Entry* const found = row(name);
    if (!found) detail::throw_unknown(kind_, name, names(), alias_names());
    return *found;
  }
  /// The factory of entry(name).
  const Factory& find(std::string_view name) const { return entry(name).make; }
  /// Whether entry() finds the name.
  bool contains(std::string_view name) const { return row(name) != nullptr; }
  /// Calls the factory of the row with the spec's name; the spec that it receives has the name as
  /// the table spells it. Throws std::invalid_argument, with the place, for an unknown name.
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
