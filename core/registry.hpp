// Tables of names: what users type, a line of help, and what it makes.
#pragma once

#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"

namespace gradus {

/// `names`, those nearest to `name` (by edit distance) first: for errors about unknown names.
std::vector<std::string> nearest_first(std::string_view name, std::vector<std::string> names);

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
    std::string hyphenated(name);
    std::replace(hyphenated.begin(), hyphenated.end(), '_', '-');
    for (const Entry& entry : entries_)
      if (entry.name == hyphenated) return entry.make;
    std::vector<std::string> names;
    for (const Entry& entry : entries_) names.push_back(entry.name);
    std::string list;
    for (const std::string& known : nearest_first(name, std::move(names)))
      list += (list.empty() ? "" : ", ") + known;
    throw std::invalid_argument(fmt::format("unknown {} '{}': one of {}", kind_, name, list));
  }

 private:
  std::string kind_;
  std::vector<Entry> entries_;
};

}  // namespace gradus
