#include "apps/pictures/markup.hpp"

#include <cstdint>
#include <vector>

#include "core/text/width.hpp"

namespace gradus::pictures {
namespace {

// What XML can't hold is shown as what it is: no character.
std::string_view shown(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  const bool is_control = first < 0x20 && first != '\t' && first != '\n';
  const bool is_broken = first >= 0x7f && character.size() == 1;
  return is_control || is_broken ? "\ufffd" : character;
}

}  // namespace

std::string escaped(std::string_view text, std::size_t most) {
  std::vector<std::string_view> all = characters(text);
  if (all.size() > most) {
    all.resize(most - 1);
    all.push_back("…");
  }
  std::string result;
  for (const std::string_view c : all)
    result += c == "&"    ? "&amp;"
              : c == "<"  ? "&lt;"
              : c == ">"  ? "&gt;"
              : c == "\"" ? "&quot;"
                          : shown(c);
  return result;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string result;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t bits = 0;
    for (std::size_t k = i; k < i + 3; ++k)
      bits = bits << 8 | (k < bytes.size() ? static_cast<unsigned char>(bytes[k]) : 0);
    for (std::size_t k = 0; k < 4; ++k)
      result += i + k <= bytes.size() ? digits[bits >> (18 - 6 * k) & 63] : '=';
  }
  return result;
}

}  // namespace gradus::pictures
