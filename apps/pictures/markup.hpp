// escaped, base64, page: texts and bytes as parts of SVG and HTML, and self-contained pages.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gradus::pictures {

/// `text` as the content of an element or between an attribute's quotes; what is longer than `most`
/// characters is cut and ends in an ellipsis. Bytes that are no UTF-8, and control characters but
/// tabs and line ends, become U+FFFD.
std::string escaped(std::string_view text, std::size_t most = std::string_view::npos);

/// In the alphabet of RFC 4648, padded: what follows "data:image/png;base64,".
std::string base64(std::string_view bytes);

/// A whole document, for light and dark, wide and narrow screens: `title` as its heading, then
/// `body`, which is HTML. `style` adds to the style sheet. Browsers are told to let it load nothing
/// and run no script: pictures are inside.
std::string page(std::string_view title, std::string_view body, std::string_view style = {});

/// Pictures (SVG), one after the other, beside each other as far as they fit; each as narrow as the
/// screen where that is narrower.
std::string side_by_side(std::string_view svgs);

/// What keeps its width, and is scrolled where the screen is narrower: a table, a picture with many
/// small texts.
std::string scrolling(std::string_view html);

/// A PNG, its pixels squares, with `title` below.
std::string png_figure(std::string_view png, std::string_view title);

}  // namespace gradus::pictures
