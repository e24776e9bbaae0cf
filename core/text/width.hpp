// characters, width_of, shortened, wrapped: divide, measure and break texts for a terminal, one
// column a character.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gradus {

/// The number of bytes of the first UTF-8 character of a text that isn't empty; 1 where its first
/// byte is invalid.
std::size_t character_size(std::string_view text);
/// The UTF-8 characters of `text`, each as its bytes. An invalid byte is a character by itself.
std::vector<std::string_view> characters(std::string_view text);
/// The number of characters.
std::size_t width_of(std::string_view text);
/// `text`, cut to `places` characters, the last of which is "…", if it is longer.
std::string shortened(std::string_view text, std::size_t places);

/// `text`, broken between words into lines of at most `width` columns, or one longer word. The
/// first line starts at column `indent`; the others begin with `indent` blanks. Ends with a
/// newline.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent = 0);

}  // namespace gradus
