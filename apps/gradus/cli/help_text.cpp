#include "apps/gradus/cli/help_text.hpp"

#include "core/text/split.hpp"
#include "core/text/width.hpp"

namespace gradus::app {

constexpr std::size_t help_column = 24;

std::string help_line(const std::string& left, const std::string& text) {
  const std::size_t width = width_of(left);
  const bool fits = width + 2 <= help_column;
  return left +
         (fits ? std::string(help_column - width, ' ') : '\n' + std::string(help_column, ' ')) +
         wrapped(text, help_width, help_column);
}

}  // namespace gradus::app
