// malformed, numbers, occurrences: functions for tests of SVG and HTML.
#pragma once

#include <regex>
#include <string>
#include <vector>

namespace gradus {

/// Empty if every element of the XML is closed in order, every attribute is quoted and every
/// ampersand belongs to an entity; else the error.
inline std::string malformed(const std::string& xml) {
  std::vector<std::string> open;
  static const std::regex tag(
      R"(^<(/?)([a-zA-Z]+)((?:\s+[a-zA-Z0-9:-]+="[^"<&]*(?:&[a-z]+;[^"<&]*)*")*)\s*(/?)>)");
  static const std::regex entity("^&(amp|lt|gt|quot);");
  for (std::size_t i = 0; i < xml.size();) {
    std::cmatch match;
    const char* const at = xml.c_str() + i;
    if (xml[i] == '&' && !std::regex_search(at, match, entity)) return "an ampersand";
    if (xml[i] != '<') {
      ++i;
      continue;
    }
    if (!std::regex_search(at, match, tag)) return std::string(at).substr(0, 60);
    if (match[1].length() == 0 && match[4].length() == 0) open.push_back(match[2]);
    if (match[1].length() > 0) {
      if (open.empty() || open.back() != match[2]) return "closes " + std::string(match[2]);
      open.pop_back();
    }
    i += static_cast<std::size_t>(match[0].length());
  }
  return open.empty() ? "" : "open " + open.back();
}

/// The numbers in the groups of `pattern`, for every match.
inline std::vector<std::vector<double>> numbers(const std::string& text, const char* pattern) {
  std::vector<std::vector<double>> result;
  const std::regex expression(pattern);
  for (std::sregex_iterator it(text.begin(), text.end(), expression), end; it != end; ++it) {
    result.emplace_back();
    for (std::size_t group = 1; group < it->size(); ++group)
      result.back().push_back(std::stod((*it)[group]));
  }
  return result;
}

inline std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t result = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++result;
  return result;
}

}  // namespace gradus
