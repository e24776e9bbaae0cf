// Canvas: collects the elements of an SVG picture with the style sheet of all pictures.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>

namespace gradus::pictures {

// All lengths are in pixels.
constexpr double margin = 24;             ///< around panels
constexpr double title_baseline = 34;     ///< of a picture's title, from the upper edge
constexpr double subtitle_baseline = 58;  ///< of the legend or explanation
constexpr double character_width = 6.6;   ///< mean width in 12 px text

/// The number of colours, the classes .s0 (stroke) and .d0 (fill) to .s5 and .d5.
constexpr std::size_t colours = 6;

/// The number of characters of a font of `size` px that fit into `width`.
inline std::size_t characters_in(double width, double size = 12) {
  return static_cast<std::size_t>(width / character_width * 12 / size);
}

/// The element of a tooltip; empty for an empty tooltip.
std::string title_element(std::string_view tooltip);

/// Collects elements. `kind` contains classes of the style sheet in svg.cpp. Texts are escaped and
/// cut to `most` characters.
class Canvas {
 public:
  /// `anchor` is start, middle or end.
  void text(std::string_view kind, double x, double y, std::string_view anchor,
            std::string_view content, std::size_t most = 200);
  void line(std::string_view kind, double x1, double y1, double x2, double y2);
  /// A filled rectangle, with a tooltip unless it is empty.
  void rectangle(std::string_view kind, double x, double y, double width, double height,
                 double opacity = 1, std::string_view tooltip = {});
  /// A PNG, with square pixels unless `kind` is "smooth".
  void image(double x, double y, double width, double height, std::string_view png,
             std::string_view tooltip = {}, std::string_view kind = {});
  /// Any other element.
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(elements_), format, std::forward<Args>(args)...);
  }

  /// The self-contained image; `label` is its description for screen readers.
  std::string document(double width, double height, std::string_view label) const;

 private:
  std::string elements_;
};

}  // namespace gradus::pictures
