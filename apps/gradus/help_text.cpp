#include "apps/gradus/help_text.hpp"

#include "core/text.hpp"

namespace gradus::app {

constexpr std::size_t help_column = 24, help_width = 80;

std::string wrapped(const std::string& text, std::size_t indent) {
  std::string result;
  std::size_t column = indent;
  for (const std::string_view word : split(text, ' ')) {
    const std::size_t width = width_of(word);
    if (column > indent && column + 1 + width > help_width) {
      result += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      result += ' ';
      ++column;
    }
    result += word;
    column += width;
  }
  return result + '\n';
}

std::string help_line(const std::string& left, const std::string& text) {
  const std::size_t width = width_of(left);
  const bool fits = width + 2 <= help_column;
  return left +
         (fits ? std::string(help_column - width, ' ') : '\n' + std::string(help_column, ' ')) +
         wrapped(text, help_column);
}

}  // namespace gradus::app
