// Tables of names: what users type, a line of help, and what it makes.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.hpp"

namespace gradus {

/// `names`, those nearest to `name` (by edit distance) first: for errors about unknown names.
std::vector<std::string> nearest_first(std::string_view name, std::vector<std::string> names);

/// "did you mean a, b?": those of `names` and `aliases` that are near to `name`, three at most.
/// Near is what begins with it, or differs in a third of its characters. Where none is: "one of …",
/// all of `names`.
std::string suggestion(std::string_view name, std::vector<std::string> names,
                       const std::vector<std::string>& aliases = {});

/// Whether two names are the same but for case, "_" and "-": "LeakyReLU" and "leaky-relu" are.
bool same_name(std::string_view a, std::string_view b);

namespace detail {
/// Throws std::invalid_argument "unknown kind 'name': " and the suggestion.
[[noreturn]] void throw_unknown(std::string_view kind, std::string_view name,
                                std::vector<std::string> names,
                                const std::vector<std::string>& aliases = {});
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

  /// What else a row is called, by other frameworks or for short, and its name.
  using Aliases = std::vector<std::pair<std::string, std::string>>;

  /// `kind` is for errors: "unknown KIND 'name'".
  Registry(std::string kind, std::vector<Entry> entries, Aliases aliases = {})
      : kind_(std::move(kind)), entries_(std::move(entries)), aliases_(std::move(aliases)) {}

  /// What the names stand for: "activation".
  const std::string& kind() const { return kind_; }
  /// The rows, in the order in which the help lists them.
  const std::vector<Entry>& entries() const { return entries_; }

  /// The other names, each with the name of its row.
  const Aliases& aliases() const { return aliases_; }

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
  /// All names, in the order of the rows.
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const Entry& entry : entries_) names.push_back(entry.name);
    return names;
  }

 private:
  const Entry* row(std::string_view name) const {
    for (const auto& [alias, of] : aliases_)
      if (same_name(alias, name)) name = of;
    for (const Entry& entry : entries_)
      if (same_name(entry.name, name)) return &entry;
    return nullptr;
  }
  std::vector<std::string> alias_names() const {
    std::vector<std::string> names;
    for (const auto& [alias, of] : aliases_) names.push_back(alias);
    return names;
  }

  std::string kind_;
  std::vector<Entry> entries_;
  Aliases aliases_;
};

}  // namespace gradus
