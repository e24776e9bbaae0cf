#include "core/text/registry.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

namespace gradus {
namespace {

// Levenshtein's distance.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::vector<std::string> nearest_first(std::string_view name, std::vector<std::string> names) {
  name = name.substr(0, 100);  // what is longer is no name, and would be compared for seconds
  std::stable_sort(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {
    return edit_distance(name, a) < edit_distance(name, b);
  });
  return names;
}

void detail::throw_unknown(std::string_view kind, std::string_view name,
                           std::vector<std::string> names, std::size_t place) {
  throw std::invalid_argument(fmt::format("unknown {} '{}'{}: one of {}", kind, name,
                                          place > 1 ? fmt::format(" at character {}", place) : "",
                                          fmt::join(nearest_first(name, std::move(names)), ", ")));
}

}  // namespace gradus
