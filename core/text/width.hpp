// width_of, shortened, wrapped: texts on a terminal, where each character takes one place.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gradus {

/// The characters of UTF-8, each as its bytes. A byte that belongs to none stands by itself.
std::vector<std::string_view> characters(std::string_view text);
/// How many characters there are.
std::size_t width_of(std::string_view text);
/// `text`, if need be cut so that it takes at most `places` with "…" at its end.
std::string shortened(std::string_view text, std::size_t places);

/// `text` from column `indent` on, broken between words so that no line ends behind column `width`,
/// unless a word alone does. Further lines begin with `indent` blanks; the last one is ended too.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent = 0);

}  // namespace gradus
