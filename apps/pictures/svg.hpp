// What every SVG here is drawn with: its look on light and dark screens, and the elements.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>

namespace gradus::pictures {

// In pixels, as all lengths here.
constexpr double margin = 24;             ///< around panels
constexpr double title_baseline = 34;     ///< of a picture's title, below its upper edge
constexpr double subtitle_baseline = 58;  ///< of what follows it: a legend, an explanation
constexpr double character_width = 6.6;   ///< of 12 px text, on average

/// Series and parts take these in turn: the classes .s0 (stroke) and .d0 (fill) to .s5 and .d5.
constexpr std::size_t colours = 6;

/// How many characters of a font of `size` px fit into `width`.
inline std::size_t characters_in(double width, double size = 12) {
  return static_cast<std::size_t>(width / character_width * 12 / size);
}

/// What an element with a tooltip holds; nothing where that is empty.
std::string title_element(std::string_view tooltip);

/// Collects elements. The classes that `kind` names are those of the style sheet in svg.cpp; texts
/// are escaped, and cut to the characters that fit.
class Canvas {
 public:
  /// `anchor` is start, middle or end.
  void text(std::string_view kind, double x, double y, std::string_view anchor,
            std::string_view content, std::size_t most = 200);
  void line(std::string_view kind, double x1, double y1, double x2, double y2);
  /// Filled as much as `opacity` says, with a tooltip unless it is empty.
  void rectangle(std::string_view kind, double x, double y, double width, double height,
                 double opacity = 1, std::string_view tooltip = {});
  /// A PNG, its pixels drawn as squares.
  void image(double x, double y, double width, double height, std::string_view png,
             std::string_view tooltip = {});
  /// Any other element.
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(elements_), format, std::forward<Args>(args)...);
  }

  /// The self-contained image of that size; `label` describes it to those who don't see it.
  std::string document(double width, double height, std::string_view label) const;

 private:
  std::string elements_;
};

}  // namespace gradus::pictures
