// Markup: parts of SVG and HTML, and whole pages.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gradus::pictures {

/// `text` escaped for an element or a quoted attribute; a text of more than `most` characters is
/// cut and ends in an ellipsis. Tabs and line ends stay; what else printable() escapes is escaped.
std::string escaped(std::string_view text, std::size_t most = std::string_view::npos);

/// The padded base64 encoding of RFC 4648, as in "data:image/png;base64,…".
std::string base64(std::string_view bytes);

/// A complete HTML document for light and dark, wide and narrow screens: `title` as heading, then
/// `body`, which is HTML. `style` is added to the style sheet. Its content security policy forbids
/// loading files and running scripts.
std::string page(std::string_view title, std::string_view body, std::string_view style = {});

/// HTML below a heading. The title must be HTML.
std::string section(std::string_view title, std::string_view html);

/// SVG pictures side by side, as many as fit into a row; on a narrow screen they are scaled down.
std::string side_by_side(std::string_view svgs);

/// A table or picture that keeps its width; on a narrow screen it can be scrolled.
std::string scrolling(std::string_view html);

}  // namespace gradus::pictures
