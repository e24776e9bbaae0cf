// split, trimmed, replaced, without_comments: functions on texts that users type.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace gradus {

/// The parts of `text` between the characters in `separators`; `text` itself where there are none.
inline std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find_first_of(separators);
    parts.push_back(text.substr(0, end));
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
}

/// The parts of `text` between the separators.
inline std::vector<std::string_view> split(std::string_view text, char separator) {
  return split(text, std::string_view(&separator, 1));
}

/// `text` with each character `old` replaced by `with`.
inline std::string replaced(std::string_view text, char old, char with) {
  std::string result(text);
  std::ranges::replace(result, old, with);
  return result;
}

/// `text` with comments (from # to the end of the line) replaced by blanks: places don't change.
inline std::string without_comments(std::string_view text) {
  std::string result(text);
  for (std::size_t i = 0; (i = result.find('#', i)) != result.npos;)
    for (; i < result.size() && result[i] != '\n'; ++i) result[i] = ' ';
  return result;
}

/// `text` without the blanks at both ends.
inline std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r";
  const std::size_t first = std::min(text.find_first_not_of(blank), text.size());
  return text.substr(first, text.find_last_not_of(blank) + 1 - first);
}

}  // namespace gradus
