#include "data/table/column_choice.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_map>

#include "core/text/number.hpp"
#include "core/text/registry.hpp"

namespace gradus::data {

void ColumnChoice::error_twice(std::size_t first, std::size_t second) const {
  file_error(file_,
             "two columns are named {} ({} and {}); rename one, or leave one out by its number",
             in_quotes(names_[first]), first + 1, second + 1);
}

std::size_t ColumnChoice::find(const std::string& name) const {
  const auto found = std::ranges::find(names_, name);
  if (has_header_ && found != names_.end()) {
    const auto again = std::find(found + 1, names_.end(), name);
    const auto first = static_cast<std::size_t>(found - names_.begin());
    if (again != names_.end()) error_twice(first, static_cast<std::size_t>(again - names_.begin()));
    return first;
  }
  const auto count = std::ssize(names_);
  if (const std::optional<int64_t> number = parse_number<int64_t>(name)) {
    if (*number == 0 || *number > count || *number < -count)
      file_error(file_, "has no column {}: it has {} of them", *number, count);
    return static_cast<std::size_t>(*number > 0 ? *number - 1 : *number + count);
  }
  if (!has_header_)
    file_error(file_, "has no column {}: it has no header line, columns are 1 to {}",
               in_quotes(name), count);
  constexpr std::size_t most = 10;
  std::vector<std::string> shown;
  const std::vector<std::string> similar = near_names(name, names_);
  for (const std::string& other : similar.empty() ? names_ : similar)
    if (shown.size() < most) shown.push_back(printable(other, 40));
  if (similar.empty() && names_.size() > most) shown.emplace_back("…");
  file_error(file_, "has no column {}: {} {}{}", in_quotes(name),
             similar.empty() ? "its columns are" : "did you mean", fmt::join(shown, ", "),
             similar.empty() ? "" : "?");
}

std::vector<std::size_t> ColumnChoice::find(const std::vector<std::string>& names) const {
  std::vector<std::size_t> columns;
  for (const std::string& name : names) columns.push_back(find(name));
  return columns;
}

std::size_t ColumnChoice::usual_target(const std::vector<bool>& taken) const {
  if (has_header_)
    for (const std::string_view usual : {"label", "target", "class", "y"}) {
      std::optional<std::size_t> first;
      for (std::size_t column = 0; column < names_.size(); ++column) {
        if (taken[column] || lowered(names_[column]) != usual) continue;
        if (first && names_[*first] == names_[column]) error_twice(*first, column);
        first = first.value_or(column);
      }
      if (first) return *first;
    }
  for (std::size_t column = names_.size(); column-- > 0;)
    if (!taken[column]) return column;
  file_error(file_, "has no column for the target: all are used for something else");
}

void ColumnChoice::require_different(const std::vector<bool>& used) const {
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t column = 0; column < names_.size(); ++column) {
    if (!used[column]) continue;
    const auto [place, is_new] = places.try_emplace(names_[column], column);
    if (!is_new) error_twice(place->second, column);
  }
}

}  // namespace gradus::data
