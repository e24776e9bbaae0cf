#include "core/text/registry.hpp"

#include <fmt/ranges.h>

#include <iterator>
#include <numeric>

namespace gradus {

// The Levenshtein distance.
static std::size_t edit_distance(std::string_view a, std::string_view b) {
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

// Longer texts are not names, and their comparison would take seconds.
constexpr std::size_t longest_name = 100;

std::vector<std::string> nearest_first(std::string_view name, std::vector<std::string> names) {
  name = name.substr(0, longest_name);
  std::ranges::stable_sort(names, {},
                           [&](const std::string& known) { return edit_distance(name, known); });
  return names;
}

std::string lowered(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

std::vector<std::string> near_names(std::string_view name, const std::vector<std::string>& names,
                                    const std::vector<std::string>& aliases) {
  const std::string text = lowered(name.substr(0, longest_name));
  const auto is_close = [&](const std::string& other) {
    return edit_distance(text, other) <= (text.size() + 2) / 3;
  };
  std::vector<std::string> result;
  for (const std::string& other : names)
    if (is_close(other) || (text.size() >= 3 && other.starts_with(text))) result.push_back(other);
  std::ranges::copy_if(aliases, std::back_inserter(result), is_close);
  result = nearest_first(text, std::move(result));
  result.resize(std::min<std::size_t>(3, result.size()));
  return result;
}

bool same_name(std::string_view a, std::string_view b) {
  const auto letters = [](std::string_view name) {
    std::string result = lowered(name.substr(0, longest_name));
    std::erase_if(result, [](char c) { return c == '-' || c == '_'; });
    return result;
  };
  return letters(a) == letters(b);
}

void detail::throw_unknown(std::string_view kind, std::string_view name,
                           std::vector<std::string> names, const std::vector<std::string>& aliases,
                           std::size_t place) {
  const std::vector<std::string> near = near_names(name, names, aliases);
  const std::string known =
      near.empty()
          ? fmt::format("one of {}", fmt::join(nearest_first(name, std::move(names)), ", "))
          : fmt::format("did you mean {}?", fmt::join(near, ", "));
  throw std::invalid_argument(fmt::format("unknown {} {}{}: {}", kind, in_quotes(name),
                                          place > 1 ? fmt::format(" at character {}", place) : "",
                                          known));
}

}  // namespace gradus
