// Self-contained pages of HTML.
#pragma once

#include <string>
#include <string_view>

namespace gradus::pictures {

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
