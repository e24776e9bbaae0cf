// Tables of names: what users type, a line of help, and what it makes.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "core/text/spec.hpp"
#include "core/text/split.hpp"

namespace gradus {

/// `names`, those nearest to `name` (by edit distance) first: for errors about unknown names.
std::vector<std::string> nearest_first(std::string_view name, std::vector<std::string> names);

namespace detail {
/// Throws std::invalid_argument "unknown kind 'name': one of …", the nearest of `names` first.
/// The place of the name follows it, unless that is the first character.
[[noreturn]] void throw_unknown(std::string_view kind, std::string_view name,
                                std::vector<std::string> names, std::size_t place = 1);
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

  /// `kind` is for errors: "unknown KIND 'name'".
  Registry(std::string kind, std::vector<Entry> entries)
      : kind_(std::move(kind)), entries_(std::move(entries)) {}

  /// What the names stand for: "activation".
  const std::string& kind() const { return kind_; }
  /// The rows, in the order in which the help lists them.
  const std::vector<Entry>& entries() const { return entries_; }

  /// The thing of that name, in which "_" is as good as "-". Throws std::invalid_argument for an
  /// unknown name, listing the known ones, nearest first.
  const Factory& find(std::string_view name) const {
    const Entry* entry = row(name);
    if (!entry) detail::throw_unknown(kind_, name, names());
    return entry->make;
  }
  /// Whether there is a thing of that name, in which "_" is as good as "-".
  bool contains(std::string_view name) const { return row(name) != nullptr; }
  /// What the row of the spec's name makes of the spec, in which the name is spelled as in the
  /// table, and `arguments`. Throws std::invalid_argument, with the place, for an unknown name.
  template <class... Arguments>
  auto make(Spec spec, Arguments&&... arguments) const {
    const Entry* entry = row(spec.name);
    if (!entry) detail::throw_unknown(kind_, spec.name, names(), spec.place);
    spec.name = entry->name;
    return entry->make(spec, std::forward<Arguments>(arguments)...);
  }
  /// All names, in the order of the rows.
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const Entry& entry : entries_) names.push_back(entry.name);
    return names;
  }

 private:
  const Entry* row(std::string_view name) const {
    const std::string hyphenated = replaced(name, '_', '-');
    for (const Entry& entry : entries_)
      if (entry.name == hyphenated) return &entry;
    return nullptr;
  }

  std::string kind_;
  std::vector<Entry> entries_;
};

}  // namespace gradus
