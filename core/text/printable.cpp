#include "core/text/printable.hpp"

#include <fmt/format.h>

#include "core/text/width.hpp"

namespace gradus {
namespace {

// The number of a character of UTF-8.
uint32_t code_point(std::string_view character) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
  if (character.size() == 1) return byte(0);
  uint32_t code = byte(0) & (0xffu >> (character.size() + 1));
  for (std::size_t i = 1; i < character.size(); ++i) code = code << 6 | (byte(i) & 0x3fu);
  return code;
}

// Unicode's marks, embeddings, overrides and isolates of direction, and its ends of lines.
bool changes_lines(uint32_t code) {
  return code == 0x61c || code == 0x200e || code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069);
}

std::string escaped(std::string_view character) {
  const uint32_t code = code_point(character);
  if (code == '\n') return "\\n";
  if (code == '\t') return "\\t";
  if (code == '\r') return "\\r";
  const bool is_broken = code >= 0x80 && character.size() == 1;
  if (code < 0x20 || code == 0x7f || is_broken) return fmt::format("\\x{:02x}", code);
  if ((code >= 0x80 && code < 0xa0) || changes_lines(code)) return fmt::format("\\u{:04x}", code);
  return std::string(character);
}

}  // namespace

std::string printable(std::string_view text, std::size_t most) {
  // Four bytes a character: more would be left out in any case.
  if (text.size() / 8 > most)
    return printable(
        std::string(text.substr(0, 4 * most)) + std::string(text.substr(text.size() - 4 * most)),
        most);
  std::string result;
  for (const std::string_view character : characters(text)) result += escaped(character);
  if (result.size() <= most) return result;
  const std::vector<std::string_view> shown = characters(result);
  if (shown.size() <= most) return result;
  const std::size_t behind = most / 4, before = most - behind - 1;
  std::string cut;
  for (std::size_t i = 0; i < before; ++i) cut += shown[i];
  cut += "…";
  for (std::size_t i = shown.size() - behind; i < shown.size(); ++i) cut += shown[i];
  return cut;
}

}  // namespace gradus
