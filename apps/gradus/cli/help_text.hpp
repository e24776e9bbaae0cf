// help_line: a line of help in two columns.
#pragma once

#include <string>

namespace gradus::app {

/// The columns that help takes, so that it fits any terminal.
inline constexpr std::size_t help_width = 80;

/// "left      text", all texts in one column; the text begins on a line of its own where `left`
/// reaches into that.
std::string help_line(const std::string& left, const std::string& text);

}  // namespace gradus::app
