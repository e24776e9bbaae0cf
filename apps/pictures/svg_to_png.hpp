// svg_to_png: draws SVG into a PNG, by librsvg.
#pragma once

#include <string>

namespace gradus::pictures {

/// The PNG of an SVG, with two pixels for each of its own. Throws std::invalid_argument if Gradus
/// was built without librsvg or if the SVG is damaged.
std::string svg_to_png(const std::string& svg);

}  // namespace gradus::pictures
