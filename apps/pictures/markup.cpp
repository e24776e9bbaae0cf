#include "apps/pictures/markup.hpp"

#include <cstdint>
#include <vector>

namespace gradus::pictures {
namespace {

bool is_character(unsigned char c) {
  return (c >= 0x20 && c != 0x7f) || c == '\t' || c == '\n';
}

std::vector<std::string> characters(std::string_view text) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    bool valid = lead < 0x80 ? is_character(lead) : lead >= 0xc2 && lead < 0xf5;
    valid = valid && i + length <= text.size();
    for (std::size_t k = 1; valid && k < length; ++k) valid = (text[i + k] & 0xc0) == 0x80;
    if (!valid) length = 1;
    result.push_back(valid ? std::string(text.substr(i, length)) : "\ufffd");
    i += length;
  }
  return result;
}

}  // namespace

std::string escaped(std::string_view text, std::size_t most) {
  std::vector<std::string> all = characters(text);
  if (all.size() > most) {
    all.resize(most - 1);
    all.push_back("…");
  }
  std::string result;
  for (const std::string& c : all)
    result += c == "&" ? "&amp;" : c == "<" ? "&lt;" : c == ">" ? "&gt;" : c == "\"" ? "&quot;" : c;
  return result;
}

std::size_t character_count(std::string_view text) {
  return characters(text).size();
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
