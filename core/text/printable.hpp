// printable: text that others wrote, as a line that a terminal and a table can show.
#pragma once

#include <string>
#include <string_view>

namespace gradus {

/// The most characters of a value, such as a cell of a file, in a message.
constexpr std::size_t longest_value = 80;

/// `text` with escapes such as \n, \x1b and \u202e in place of control characters, of those that
/// turn the direction of a line, and of bytes that are no UTF-8. Where that takes more than `most`
/// characters, the middle is left out, with "…" in its place.
std::string printable(std::string_view text, std::size_t most = std::string_view::npos);

}  // namespace gradus
