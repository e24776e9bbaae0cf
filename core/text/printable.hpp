// printable, in_quotes: make text from files, folders and users safe for terminals, tables and
// messages.
#pragma once

#include <string>
#include <string_view>

namespace gradus {

/// The maximal number of characters of a value, such as a cell of a file, in a message.
constexpr std::size_t longest_value = 80;

/// `text` on one line. Escapes as in C (a newline becomes a backslash and an n) replace control
/// characters, invisible characters, marks of writing direction and bytes that aren't UTF-8. If the
/// result has more than `most` characters, "…" replaces its middle.
std::string printable(std::string_view text, std::size_t most = std::string_view::npos);
/// A value in single quotes, at most longest_value characters of it, for a message.
std::string in_quotes(std::string_view text);

}  // namespace gradus
