#include "core/text/printable.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text/width.hpp"

namespace gradus {
namespace {

// The code point of a UTF-8 character.
uint32_t code_point(std::string_view character) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
  if (character.size() == 1) return byte(0);
  uint32_t code = byte(0) & (0xffu >> (character.size() + 1));
  for (std::size_t i = 1; i < character.size(); ++i) code = code << 6 | (byte(i) & 0x3fu);
  return code;
}

struct CodeRange {
  uint32_t first, last;
};

// C1 controls, the soft hyphen, marks of writing direction, line separators, joiners, surrogates,
// byte order marks, tags, and numbers beyond Unicode.
constexpr CodeRange invisible[] = {
    {0x80, 0x9f},     {0xad, 0xad},     {0x61c, 0x61c},   {0x200b, 0x200f},   {0x2028, 0x202e},
    {0x2060, 0x206f}, {0xd800, 0xdfff}, {0xfeff, 0xfeff}, {0xe0000, 0xe0fff}, {0x110000, 0x1fffff}};

std::string escaped(std::string_view character) {
  const uint32_t code = code_point(character);
  if (code == '\n') return "\\n";
  if (code == '\t') return "\\t";
  if (code == '\r') return "\\r";
  const bool is_broken = code >= 0x80 && character.size() == 1;
  if (code < 0x20 || code == 0x7f || is_broken) return fmt::format("\\x{:02x}", code);
  // A longer form than the number needs isn't UTF-8.
  const bool is_overlong =
      (character.size() == 3 && code < 0x800) || (character.size() == 4 && code < 0x10000);
  const bool is_hidden = std::ranges::any_of(
      invisible, [&](CodeRange range) { return range.first <= code && code <= range.last; });
  return is_overlong || is_hidden ? fmt::format("\\u{:04x}", code) : std::string(character);
}

}  // namespace

std::string printable(std::string_view text, std::size_t most) {
  // A character has at most four bytes, so bytes in the middle can't be shown.
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

std::string in_quotes(std::string_view text) {
  return '\'' + printable(text, longest_value) + '\'';
}

}  // namespace gradus
