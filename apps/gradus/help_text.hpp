// Texts in two columns that fit a terminal.
#pragma once

#include <string>

namespace gradus::app {

/// `text` from column `indent` on, broken between words before column 80; ends its last line.
std::string wrapped(const std::string& text, std::size_t indent);

/// "left      text", all texts in one column; the text begins on a line of its own where `left`
/// reaches into that.
std::string help_line(const std::string& left, const std::string& text);

}  // namespace gradus::app
