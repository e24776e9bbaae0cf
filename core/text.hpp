// Texts that users type and read.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace gradus {

/// The texts between the separators; one, perhaps empty, where there is none.
inline std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
}

/// The places that UTF-8 takes on a terminal, where each character takes one.
inline std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

/// `text`, if need be cut so that it takes at most `places` with "…" at its end.
inline std::string shortened(std::string_view text, std::size_t places) {
  if (width_of(text) <= places) return std::string(text);
  while (width_of(text) >= places) text.remove_suffix(1);
  return std::string(text) + "…";
}

/// `text` with blanks in place of comments, from # to the ends of lines: places stay what they are.
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
