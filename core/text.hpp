// Texts that users type.
#pragma once

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

}  // namespace gradus
