#include "core/text/width.hpp"

#include "core/text/split.hpp"

namespace gradus {

std::size_t character_size(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0xc2 || lead > 0xf4) return 1;
  const std::size_t size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const std::string_view rest = text.substr(1, size - 1);
  const bool is_whole = rest.size() == size - 1 &&
                        std::ranges::all_of(rest, [](char c) { return (c & 0xc0) == 0x80; });
  return is_whole ? size : 1;
}

std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> result;
  for (; !text.empty(); text.remove_prefix(result.back().size()))
    result.push_back(text.substr(0, character_size(text)));
  return result;
}

std::size_t width_of(std::string_view text) {
  return characters(text).size();
}

std::string shortened(std::string_view text, std::size_t places) {
  const std::vector<std::string_view> all = characters(text);
  if (all.size() <= places) return std::string(text);
  std::string result;
  for (std::size_t i = 0; i + 1 < places; ++i) result += all[i];
  return result + "…";
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  std::string result;
  std::size_t column = indent;
  for (const std::string_view word : split(text, ' ')) {
    const std::size_t word_width = width_of(word);
    if (column > indent) {
      const bool fits = column + 1 + word_width <= width;
      result += fits ? " " : '\n' + std::string(indent, ' ');
      column = fits ? column + 1 : indent;
    }
    result += word;
    column += word_width;
  }
  return result + '\n';
}

}  // namespace gradus
